package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.Shared;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK, unmodified, debounces its triggers. */
class OfficialDebounceIT {
  private static ClientProgram program;

  @BeforeAll
  static void runTheProgram() {
    program = ClientProgram.start("debounce", Shared.node()).awaitEnd();
  }

  private static JsonNode told(String name) {
    JsonNode told = program.told(name).get(0);
    assertThat(told.has("failed")).as(told.toString()).isFalse();
    return told;
  }

  private static String refusal(String name) {
    JsonNode told = program.told(name).get(0);
    return told.at("/failed/status").asInt() + " " + told.at("/failed/message").asText();
  }

  private static List<String> ids(JsonNode runs) {
    List<String> ids = new ArrayList<>();
    runs.forEach(run -> ids.add(run.has("handle") ? run.at("/handle/id").asText() : run.asText()));
    return ids;
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.trigger", with = "a debounce key")
  void theFirstTriggerSaysWhatTheRunDoesAndTheNextWhen() {
    JsonNode told = told("leading");
    JsonNode before = told.at("/0/run");
    JsonNode after = told.at("/1/run");

    assertThat(ids(told)).hasSize(2).containsOnly(before.get("id").asText());
    assertThat(told.at("/1/handle/publicAccessToken").asText().split("\\.")).hasSize(3);
    assertThat(after.get("status").asText()).isEqualTo("DELAYED");
    assertThat(after.at("/payload/text").asText()).isEqualTo("a");
    assertThat(after.get("tags")).isEqualTo(before.get("tags"));
    assertThat(after.get("delayedUntil").asText())
        .isGreaterThan(before.get("delayedUntil").asText());
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.trigger", with = "a debounce key")
  void theLastTriggerSaysWhatTheRunDoesIfTheyAskForIt() {
    JsonNode told = told("trailing");
    JsonNode run = told.at("/1/run");

    assertThat(ids(told)).hasSize(2).containsOnly(run.get("id").asText());
    assertThat(run.at("/payload/text").asText()).isEqualTo("b");
    assertThat(run.at("/payload/at").asText()).isEqualTo("1970-01-01T00:00:00.001Z");
    assertThat(run.at("/metadata/stage").asText()).isEqualTo("late");
    assertThat(run.get("tags").toString()).isEqualTo("[\"first\",\"second\"]");
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.trigger", with = "a debounce key")
  void aLongestDelayEndsWithAnotherRun() {
    JsonNode told = told("maxDelay");
    List<String> ids = ids(told);

    assertThat(ids.get(1)).isEqualTo(ids.get(0));
    assertThat(ids.get(2)).isNotEqualTo(ids.get(0));
    assertThat(ids.get(3)).isEqualTo(ids.get(2));
    assertThat(told.at("/2/run/payload/n").asInt()).isEqualTo(3);
    assertThat(refusal("a bound below the delay"))
        .contains("422", "options.debounce.maxDelay must be longer than options.debounce.delay");
    assertThat(refusal("a delay that is no length of time"))
        .contains("400", "options.debounce.delay");
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.trigger", with = "a debounce key")
  void anIdempotencyKeyGoesFirst() {
    JsonNode told = told("an idempotency key first");

    assertThat(told.at("/1/id")).isEqualTo(told.at("/0/id"));
    assertThat(told.at("/1/isCached").asBoolean()).isFalse();
    assertThat(told.at("/2/id")).isEqualTo(told.at("/0/id"));
    assertThat(told.at("/2/isCached").asBoolean()).isTrue();
    assertThat(told.at("/3/id")).isNotEqualTo(told.at("/0/id"));
  }

  @Test
  @Conformance(client = "4.8.3", function = "batch.trigger", with = "a debounce key")
  void itemsOfABatchComeToTheRunThatIsThere() {
    JsonNode told = told("batch");
    List<String> members = ids(told.at("/found/runs"));
    String there = told.at("/there/id").asText();

    assertThat(told.at("/there/payload/n").asInt()).isEqualTo(3);
    assertThat(told.at("/found/runCount").asInt()).isEqualTo(3);
    assertThat(members.subList(0, 2)).containsOnly(there);
    assertThat(members.get(2)).isNotEqualTo(there);
  }
}
