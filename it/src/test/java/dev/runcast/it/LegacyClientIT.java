package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Shared;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK of the generation before, unmodified, triggers and manages runs. */
class LegacyClientIT {
  private static ClientProgram program;

  @BeforeAll
  static void runTheProgram() {
    program = ClientProgram.start("manage-3.3", Shared.node(), NewRun.name("sdk-3-3")).awaitEnd();
  }

  @Test
  @Conformance(
      client = "3.3.17",
      function = {"configure", "tasks.trigger", "runs.retrieve"})
  void triggersARun() {
    JsonNode run = told("trigger").path("run");

    assertThat(run.path("id")).isEqualTo(told("trigger").at("/handle/id"));
    assertThat(run.path("status").asText()).isEqualTo("QUEUED");
    assertThat(run.path("attempts").isArray()).isTrue();
    assertThat(run.at("/payload/at").asText()).isEqualTo("1970-01-01T00:00:00.000Z");
  }

  @Test
  @Conformance(client = "3.3.17", function = "runs.retrieve")
  void isGivenOnlyStatusesThatItKnows() {
    assertThat(told("statuses").toString())
        .isEqualTo("[\"EXECUTING\",\"EXECUTING\",\"FROZEN\",\"REATTEMPTING\"]");
  }

  @Test
  @Conformance(
      client = "3.3.17",
      function = {"batch.trigger", "batch.retrieve"})
  void triggersABatchInOneCall() {
    JsonNode told = told("batch");

    assertThat(told.at("/made/isCached").asBoolean()).isFalse();
    assertThat(told.at("/made/runs")).hasSize(2);
    assertThat(told.at("/members").toString())
        .isEqualTo("[[\"old-a\",{\"n\":1}],[\"old-b\",\"two\"]]");
    assertThat(told.at("/before/status").asText()).isEqualTo("PENDING");
    assertThat(told.at("/before/runCount").asInt()).isEqualTo(2);
    assertThat(told.at("/after/status").asText()).isEqualTo("COMPLETED");
  }

  @Test
  @Conformance(client = "3.3.17", function = "tasks.batchTrigger", with = "an idempotency key")
  void isGivenTheFirstBatchForARepeatedIdempotencyKey() {
    JsonNode told = told("batch by key");

    assertThat(told.at("/first/isCached").asBoolean()).isFalse();
    assertThat(told.at("/second/isCached").asBoolean()).isTrue();
    assertThat(told.at("/second/batchId")).isEqualTo(told.at("/first/batchId"));
    assertThat(told.at("/second/runs/1/id")).isEqualTo(told.at("/first/runs/1/id"));
  }

  @Test
  @Conformance(
      client = "3.3.17",
      function = {"tasks.batchTrigger", "auth.withAuth", "publicAccessToken"})
  void readsItsBatchByTheTokenThatItSignsItself() {
    assertThat(told("token of a batch").path("own").asBoolean()).isTrue();
  }

  @Test
  @Conformance(client = "3.3.17", function = "runs.list")
  void listsRunsByAStatusThatOnlyItKnows() {
    JsonNode told = told("list");

    assertThat(told.path("frozen").toString())
        .isEqualTo("[[\"" + told.path("id").asText() + "\",\"FROZEN\"]]");
  }

  @Test
  @Conformance(client = "3.3.17", function = "tasks.triggerAndPoll")
  void triggersAndPollsARun() {
    assertThat(told("trigger and poll").path("status").asText()).isEqualTo("COMPLETED");
    assertThat(told("trigger and poll").at("/output/answer").asInt()).isEqualTo(42);
  }

  @Test
  @Conformance(
      client = "3.3.17",
      function = {"runs.reschedule", "runs.cancel", "runs.replay"})
  void reschedulesCancelsAndReplaysARun() {
    assertThat(told("changes").path("later").asText()).isEqualTo("DELAYED");
    assertThat(told("changes").path("canceled").asText()).isEqualTo("CANCELED");
    assertThat(told("changes").path("replayed").asBoolean()).isTrue();
  }

  @Test
  @Conformance(client = "3.3.17", function = "runs.retrieve")
  void understandsWhatIsRefused() {
    assertThat(told("no such run").at("/failed/status").asInt()).isEqualTo(404);
  }

  private static JsonNode told(String name) {
    assertThat(program.told(name)).as(program.toString()).hasSize(1);
    return program.told(name).get(0);
  }
}
