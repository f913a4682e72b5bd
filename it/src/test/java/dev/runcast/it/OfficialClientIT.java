package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Shared;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK, unmodified, triggers and manages runs. */
class OfficialClientIT {
  private static final String NAME = NewRun.name("sdk");
  private static ClientProgram program;

  @BeforeAll
  static void runTheProgram() {
    program = ClientProgram.start("manage", Shared.node(), NAME).awaitEnd();
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"configure", "tasks.trigger", "runs.retrieve"})
  void triggersARunWithItsOptions() {
    JsonNode told = told("trigger");
    JsonNode run = told.path("run");

    assertThat(told.at("/handle/id")).isEqualTo(run.path("id"));
    assertThat(told.at("/handle/publicAccessToken").asText().split("\\.")).hasSize(3);
    assertThat(run.path("status").asText()).isEqualTo("QUEUED");
    assertThat(run.path("taskIdentifier").asText()).isEqualTo("send-email");
    assertThat(texts(run.path("tags"))).containsExactly(NAME + ":tag", "second");
    assertThat(run.at("/metadata/stage").asText()).isEqualTo("new");
    assertThat(run.path("ttl").asText()).isEqualTo("10m");
    assertThat(run.path("region").asText()).isEqualTo("eu");
    assertThat(run.at("/payload/to").asText()).isEqualTo("ada@example.com");
    assertThat(run.at("/payload/at").asText()).isEqualTo("1970-01-01T00:00:00.000Z");
    assertThat(run.at("/payload/big").asText()).isEqualTo("12345678901234567890");
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.trigger")
  void keepsATextAsAText() {
    assertThat(told("a text for a payload").asText()).isEqualTo("just text");
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.trigger", with = "an idempotency key")
  @Conformance(client = "4.8.3", function = "idempotencyKeys.create")
  void givesTheFirstRunForARepeatedIdempotencyKey() {
    JsonNode told = told("idempotency key");

    assertThat(told.path("second")).isEqualTo(told.path("first"));
    assertThat(told.path("isCached").asBoolean()).isTrue();
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.cancel")
  void cancelsARunHoweverOften() {
    JsonNode run = told("cancel");

    assertThat(run.path("status").asText()).isEqualTo("CANCELED");
    assertThat(run.path("isCancelled").asBoolean()).isTrue();
    assertThat(run.path("finishedAt").isTextual()).isTrue();
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.replay")
  void replaysARun() {
    JsonNode told = told("replay");

    assertThat(told.at("/replayed/id")).isNotEqualTo(told.path("id"));
    assertThat(told.at("/replayed/payload/n").asInt()).isEqualTo(1);
    assertThat(texts(told.at("/replayed/tags"))).containsExactly("replayed");
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.reschedule")
  void reschedulesADelayedRun() {
    JsonNode told = told("reschedule");

    assertThat(told.at("/before/status").asText()).isEqualTo("DELAYED");
    assertThat(told.at("/after/status").asText()).isEqualTo("DELAYED");
    assertThat(told.at("/after/delayedUntil").asText())
        .isGreaterThan(told.at("/before/delayedUntil").asText());
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.list")
  void listsRunsByFilterAndPage() {
    JsonNode told = told("list");
    List<String> newestFirst = texts(told.path("ids"));
    Collections.reverse(newestFirst);

    assertThat(texts(told.path("seen"))).isEqualTo(newestFirst);
    assertThat(texts(told.path("second"))).isEqualTo(newestFirst.subList(2, 4));
    assertThat(texts(told.path("odd"))).containsExactly(newestFirst.get(1), newestFirst.get(3));
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.poll")
  void pollsARunUntilItIsDone() {
    JsonNode run = told("poll");

    assertThat(run.path("status").asText()).isEqualTo("COMPLETED");
    assertThat(run.at("/output/answer").asInt()).isEqualTo(42);
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.retrieve")
  void showsHowARunFailed() {
    JsonNode run = told("a failed run");

    assertThat(run.path("status").asText()).isEqualTo("FAILED");
    assertThat(run.path("isFailed").asBoolean()).isTrue();
    assertThat(run.at("/error/name").asText()).isEqualTo("TypeError");
    assertThat(run.at("/error/message").asText()).isEqualTo("no");
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"batch.trigger", "batch.retrieve"})
  void triggersABatchInTwoPhases() {
    JsonNode told = told("batch");

    assertThat(told.at("/made/runCount").asInt()).isEqualTo(2);
    assertThat(told.at("/found/id")).isEqualTo(told.at("/made/batchId"));
    assertThat(told.path("members").toString()).isEqualTo("[[\"a\",{\"n\":1}],[\"b\",\"two\"]]");
  }

  @Test
  @Conformance(client = "4.8.3", function = "batch.trigger")
  void seesAnItemThatCanNotBeTriggeredAsARunThatHasFailed() {
    JsonNode told = told("batch with an item that can not be triggered");
    JsonNode members = told.path("members");

    assertThat(told.at("/found/runCount").asInt()).isEqualTo(3);
    assertThat(members)
        .extracting(member -> member.path("status").asText())
        .containsExactly("QUEUED", "SYSTEM_FAILURE", "QUEUED");
    assertThat(members.at("/1/isFailed").asBoolean()).isTrue();
    assertThat(members.at("/1/error/message").asText()).contains("Item 1", "options.machine");
    assertThat(members.at("/1/payload").asInt()).isEqualTo(2);
    assertThat(texts(members.at("/1/tags"))).containsExactly("bad");
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.batchTrigger")
  void triggersABatchOfManyRunsOfOneTask() {
    JsonNode told = told("batch of one task");

    assertThat(told.at("/found/runCount").asInt()).isEqualTo(120);
    assertThat(texts(told.at("/found/runs"))).hasSize(120).doesNotHaveDuplicates();
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"auth.createPublicToken", "auth.withAuth"})
  void acceptsATokenThatTheClientSignedForWhatItsScopesSay() {
    JsonNode told = told("public token");

    assertThat(told.path("own").asBoolean()).isTrue();
    assertThat(told.path("other").asInt()).isEqualTo(403);
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"runs.retrieve", "tasks.trigger"})
  void refusesInAFormThatTheClientUnderstands() {
    assertThat(told("no such run").at("/failed/status").asInt()).isEqualTo(404);
    assertThat(told("no such run").at("/failed/message").asText()).contains("run_nobody");
    assertThat(told("a wrong key").at("/failed/status").asInt()).isEqualTo(401);
    assertThat(told("a wrong key").at("/failed/name").asText()).isEqualTo("TriggerApiError");
  }

  private static JsonNode told(String name) {
    assertThat(program.told(name)).as(program.toString()).hasSize(1);
    return program.told(name).get(0);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
