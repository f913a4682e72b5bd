package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The service or the tool is killed while runs are with the tool. Every run ends, and no attempt
 * works when another one of its run has begun, as the tasks themselves have written down.
 */
class KillsIT {
  @TempDir static Path directory;

  private static Node node;
  private static DevTool tool;

  private final List<String> runs = new ArrayList<>();
  private Path log;

  @BeforeAll
  static void start() {
    node =
        Node.start(
            NodeSpec.serve(Shared.postgres().database())
                .with("--short-retry", "2s")
                .with("--begin-within", "5s")
                .with("--heard-within", "20s")
                .with("--cancel-within", "5s"));
    tool = DevTool.start(node);
  }

  @AfterAll
  static void stop() {
    if (tool != null) {
      tool.close();
    }
    if (node != null) {
      node.close();
    }
  }

  @AfterEach
  void noAttemptWorkedBesideAnother() throws IOException {
    Map<String, String> newest = new HashMap<>();
    Map<String, Integer> attempts = new HashMap<>();
    for (String line : Files.readAllLines(log)) {
      String[] word = line.split(" ", -1);
      String run = word[0];
      int attempt = Integer.parseInt(word[1]);
      String by = attempt + " " + word[2];
      if (word[3].equals("start")) {
        assertThat(attempt)
            .as("an attempt that is begun in %s%n%s", line, Files.readString(log))
            .isGreaterThan(attempts.getOrDefault(run, 0));
        attempts.put(run, attempt);
        newest.put(run, by);
      }
      assertThat(by)
          .as("who works in %s%n%s", line, Files.readString(log))
          .isEqualTo(newest.get(run));
    }
  }

  private static JsonNode retrieve(String run) {
    return node.api().get("/api/v3/runs/" + run).expect(200).json();
  }

  private static String status(String run) {
    return retrieve(run).get("status").asText();
  }

  private void trigger(String task, int beats, int fails) {
    runs.add(
        node.api()
            .trigger(
                task, Map.of("log", log.toString(), "beats", beats, "fails", fails), Map.of()));
  }

  /** Short ones, long ones, some that fail, and some that wait for others. */
  private void triggerAll(int seed) {
    log = directory.resolve("log" + seed);
    for (int i = 0; i < 3; i++) {
      trigger("steady", 2, i % 2);
      trigger("steady", 40, 0);
      trigger("steady-parent", 4, 0);
    }
  }

  private void awaitAny(String what, Set<String> statuses) {
    Await.until(what, () -> runs.stream().anyMatch(run -> statuses.contains(status(run))));
  }

  private void awaitAllEnded() {
    for (String run : runs) {
      Await.until(
          "run " + run + " to end",
          () -> ToolRuns.isFinished(status(run)),
          () -> retrieve(run) + "\n" + node.log() + "\n" + tool);
    }
  }

  /** What comes after it all is executed as ever. */
  private void assertAllIsWell() {
    trigger("steady", 1, 0);
    String last = runs.get(runs.size() - 1);
    awaitAllEnded();
    assertThat(status(last)).as("%s%n%s", node.log(), tool).isEqualTo("COMPLETED");
  }

  @ParameterizedTest
  @CsvSource({"1, DEQUEUED", "2, EXECUTING", "3, WAITING", "4, COMPLETED", "5, WAITING"})
  void theServiceIsKilled(int seed, String when) {
    Set<String> reached =
        switch (when) {
          case "DEQUEUED" -> Set.of("DEQUEUED", "EXECUTING");
          case "COMPLETED" -> Set.of("COMPLETED");
          default -> Set.of(when);
        };
    triggerAll(seed);
    awaitAny("a run to be " + when, reached);
    Await.pause(new Random(seed).nextInt(400));

    node.kill();
    node.startAgain();

    awaitAllEnded();
    assertAllIsWell();
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 7})
  void theToolIsKilled(int seed) {
    triggerAll(seed);
    awaitAny("a run to be executed", Set.of("EXECUTING", "WAITING"));
    Await.pause(new Random(seed).nextInt(2_000));

    tool.kill();
    launchToolAgain();

    awaitAllEnded();
    assertAllIsWell();
  }

  @Test
  void theToolIsKilledAndNobodySaysSo() {
    triggerAll(8);
    awaitAny("a run to be executed", Set.of("EXECUTING", "WAITING"));
    tool.killWithItsWatchdog();
    launchToolAgain();

    awaitAllEnded();
    assertAllIsWell();
  }

  @Test
  void bothAreKilled() {
    triggerAll(9);
    awaitAny("a run to have waited", Set.of("WAITING", "COMPLETED"));
    tool.killWithItsWatchdog();
    node.kill();
    node.startAgain();
    launchToolAgain();

    awaitAllEnded();
    assertAllIsWell();
  }

  private static void launchToolAgain() {
    int builds = node.log().split("build registered", -1).length - 1;
    tool.launch();
    tool.awaitRegistered(node, builds + 1);
  }
}
