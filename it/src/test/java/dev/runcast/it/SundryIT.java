package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.Shared;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What either generation of the official SDK, unmodified, can do the same way. */
class SundryIT {
  private static final String NEW = "4.8.3";
  private static final String OLD = "3.3.17";
  private static final Map<String, ClientProgram> programs = new HashMap<>();

  @BeforeAll
  static void runThePrograms() {
    Node node = Shared.node();
    for (String client : new String[] {NEW, OLD}) {
      Map<String, String> environment =
          Map.of(
              "RUNCAST_URL", node.url(),
              "RUNCAST_KEY", node.secretKey(),
              "TRIGGER_API_URL", node.url(),
              "TRIGGER_SECRET_KEY", node.secretKey());
      programs.put(
          client,
          ClientProgram.start("sundry", environment, client, NewRun.name("sundry")).awaitEnd());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  @Conformance(
      client = {NEW, OLD},
      function = "batch.triggerByTask")
  void triggersABatchByItsTasks(String client) {
    assertThat(told(client, "batch of tasks").toString())
        .isEqualTo("[[\"-one\",{\"n\":1}],[\"-two\",\"two\"]]");
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  @Conformance(
      client = {NEW, OLD},
      function = "tasks.batchTrigger",
      with = "an idempotency key")
  void givesTheFirstBatchForARepeatedKey(String client) {
    JsonNode told = told(client, "batch by key");

    assertThat(told.path("second")).isEqualTo(told.path("first"));
    assertThat(told.path("runs").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  @Conformance(
      client = {NEW, OLD},
      function = "runs.poll")
  void pollsARunUntilItIsDone(String client) {
    assertThat(told(client, "poll").path("status").asText()).isEqualTo("COMPLETED");
    assertThat(told(client, "poll").at("/output/answer").asInt()).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  @Conformance(
      client = {NEW, OLD},
      function = {"auth.createTriggerPublicToken", "auth.createBatchTriggerPublicToken"})
  void aTokenTriggersItsTaskOnce(String client) {
    assertThat(told(client, "trigger token").toString()).isEqualTo("[403,200,422]");
    assertThat(told(client, "batch token").toString()).isEqualTo("[403,200,422]");
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  @Conformance(
      client = {NEW, OLD},
      function = {
        "auth.withPublicToken",
        "auth.withTriggerPublicToken",
        "auth.withBatchTriggerPublicToken"
      })
  void whatIsDoneWithinATokenIsDoneWithIt(String client) {
    assertThat(told(client, "within a token").toString()).isEqualTo("[true,403,200,200,200]");
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  @Conformance(
      client = {NEW, OLD},
      function = "auth.configure")
  void takesTheKeyThatItIsConfiguredWith(String client) {
    assertThat(told(client, "configured").asInt()).isEqualTo(401);
  }

  private static JsonNode told(String client, String name) {
    ClientProgram program = programs.get(client);
    assertThat(program.told(name)).as(program.toString()).hasSize(1);
    return program.told(name).get(0);
  }
}
