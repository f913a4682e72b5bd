package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.Installation;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An existing application works by the two lines in the README, and nothing else. */
class SwitchIT {
  private static final Pattern EXPORT = Pattern.compile("(?m)^export (TRIGGER_\\w+)=(\\S+)");

  private static final Map<String, String> PACKAGES =
      Map.of("4.8.3", "@trigger.dev/sdk", "3.3.17", "trigger-sdk-3.3/v3");

  @ParameterizedTest
  @ValueSource(strings = {"4.8.3", "3.3.17"})
  @Conformance(
      client = {"4.8.3", "3.3.17"},
      function = {"tasks.trigger", "runs.subscribeToRun", "runs.retrieve"})
  void anApplicationIsPointedHereByTwoVariables(String version) throws IOException {
    Node node = Shared.node();
    Map<String, String> environment = new HashMap<>(theTwoLines(node));
    assertThat(environment).hasSize(2);
    // For the worker that is not part of the application.
    environment.putAll(Map.of("RUNCAST_URL", node.url(), "RUNCAST_KEY", node.secretKey()));

    try (ClientProgram application =
        ClientProgram.start("application", environment, PACKAGES.get(version))) {
      JsonNode told = application.await("followed");

      assertThat(told.path("statuses").toString())
          .as(application.toString())
          .isEqualTo("[\"QUEUED\",\"COMPLETED\"]");
      assertThat(told.at("/output/sent").asBoolean()).isTrue();
      assertThat(told.at("/tags/0").asText()).isEqualTo("user:1");
    }
  }

  /**
   * The first that stand in the README, for this node: others set up the tool that executes tasks.
   */
  private static Map<String, String> theTwoLines(Node node) throws IOException {
    Map<String, String> lines = new HashMap<>();
    EXPORT
        .matcher(Files.readString(Installation.root().resolve("README.md")))
        .results()
        .limit(2)
        .forEach(
            line ->
                lines.put(
                    line.group(1),
                    line.group(2)
                        .replace("http://127.0.0.1:3030", node.url())
                        .replace("$KEY", node.secretKey())));
    return lines;
  }
}
