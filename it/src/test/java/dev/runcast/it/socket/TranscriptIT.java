package dev.runcast.it.socket;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Settled;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SocketProbe;
import dev.runcast.it.harness.TestDatabase;
import dev.runcast.it.harness.TestTokens;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A running service says on a socket what the golden transcripts say, which clients are tested with
 * too. A change of these files is a change of the protocol. With {@code -Dtranscripts.record=true}
 * they are written anew, to be looked at: the tests fail then.
 */
class TranscriptIT {
  private static final boolean RECORD = Boolean.getBoolean("transcripts.record");
  private static TestDatabase database;
  private static Node node;

  @BeforeAll
  static void start() {
    database = Shared.postgres().database();
    node = startNode();
    settle();
  }

  private static void settle() {
    Settled.await(node, new RunWriter(database, node.api().environment()));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /** It is not to say that the log is silent, however busy the machine is. */
  private static Node startNode() {
    return Node.start(NodeSpec.serve(database).with("--stale-after", "10m"));
  }

  @TestFactory
  Stream<DynamicTest> aServiceSaysWhatTheTranscriptSays() {
    assertThat(Transcript.all()).hasSizeGreaterThan(5);
    return Transcript.all().stream()
        .map(transcript -> DynamicTest.dynamicTest(transcript.name(), () -> play(transcript)));
  }

  private static void play(Transcript transcript) {
    if (!node.isAlive()) {
      node.startAgain();
      settle();
    }
    List<JsonNode> expected = new ArrayList<>();
    List<JsonNode> happened = new ArrayList<>();
    try (Play play = new Play(transcript)) {
      for (ObjectNode step : transcript.steps()) {
        expected.add(step.deepCopy());
        play.act(step);
        happened.add(step);
      }
    } finally {
      if (RECORD) {
        transcript.write();
      }
    }
    assertThat(RECORD).as("recording is no test").isFalse();
    assertThat(happened).containsExactlyElementsOf(expected);
  }

  /** One socket, and what is said on it. */
  private static final class Play implements AutoCloseable {
    private final Names names = new Names();
    private final RunWriter sql = new RunWriter(database, node.api().environment());
    private final SocketProbe socket;

    Play(Transcript transcript) {
      TestTokens tokens = new TestTokens(sql.environment(), node.secretKey());
      names.put("secret-key", node.secretKey());
      transcript
          .tokens()
          .properties()
          .forEach(
              token ->
                  names.put(
                      token.getKey(),
                      tokens.expiringAfter(
                          Duration.ofSeconds(token.getValue().path("seconds").asLong()),
                          names.real(token.getValue().path("scope").asText()))));
      String credential = transcript.credential();
      socket =
          SocketProbe.open(
              HttpClient.newHttpClient(),
              node.url(),
              credential.isEmpty() ? "" : names.real(credential));
    }

    /** Does what the step says; of a step of the service's, it becomes what the service did. */
    void act(ObjectNode step) {
      if (step.has("client")) {
        socket.sayText(names.real(step.path("client").toString()));
      } else if (step.has("clientText")) {
        socket.sayText(names.real(step.path("clientText").asText()));
      } else if (step.has("clientBytes")) {
        socket.sayBytes(new byte[step.path("clientBytes").asInt()]);
      } else if (step.has("service")) {
        step.set("service", names.named(socket.next()));
      } else if (step.has("closed")) {
        step.set("closed", TextNode.valueOf(socket.awaitClosed()));
      } else {
        happen(step);
      }
    }

    private void happen(ObjectNode step) {
      switch (step.path("world").asText()) {
        case "insert" -> sql.insert(newRun(step));
        case "update" ->
            sql.update(
                names.real(step.path("run").asText()), names.real(step.path("set").asText()));
        case "say" -> say(step);
        case "stop" -> node.stop();
        default -> throw new AssertionError("no such step: " + step);
      }
    }

    private void say(ObjectNode step) {
      String stream =
          "/realtime/v1/streams/%s/self/%s"
              .formatted(names.real(step.path("run").asText()), step.path("stream").asText());
      Answer answer = node.api().send("POST", stream, step.path("chunk") + "\n", Map.of());
      assertThat(answer.status()).isEqualTo(200);
    }

    private NewRun newRun(ObjectNode step) {
      NewRun base = run();
      return new NewRun(
          names.real(step.path("run").asText()),
          base.status(),
          List.of(names.real(step.path("tag").asText())),
          null,
          null,
          step.has("payload") ? step.path("payload").toString() : null);
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
