package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Shared;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK, unmodified, with large payloads, results, idempotency keys and lists. */
class StoredPayloadIT {
  private static ClientProgram program;

  @BeforeAll
  static void runTheProgram() {
    program = ClientProgram.start("store", Shared.node(), NewRun.name("store")).awaitEnd();
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.trigger", with = "a payload of 128 KiB or more")
  void keepsALargePayloadApartAndGivesItBackWhole() {
    assertThat(told("a large payload").path("same").asBoolean()).isTrue();
    assertThat(told("a large payload").path("at").asText()).isEqualTo("1970-01-01T00:00:00.000Z");
    assertThat(told("a large text").asBoolean()).isTrue();
  }

  @Test
  @Conformance(client = "4.8.3", function = "getRunResult")
  void tellsWhatARunCameTo() {
    JsonNode told = told("results");

    assertThat(told.path("before").asText()).isEqualTo("none");
    assertThat(told.at("/after/ok").asBoolean()).isTrue();
    assertThat(told.at("/after/output").asText()).isEqualTo("{\"answer\":42}");
    assertThat(told.at("/failed/ok").asBoolean()).isFalse();
    assertThat(told.at("/failed/error/type").asText()).isEqualTo("STRING_ERROR");
  }

  @Test
  @Conformance(client = "4.8.3", function = "getBatchResults")
  void tellsWhatABatchOfOneCallCameTo() {
    JsonNode told = told("results of a batch");

    assertThat(told.at("/made/runCount").asInt()).isEqualTo(2);
    assertThat(told.at("/made/publicAccessToken").asText().split("\\.")).hasSize(3);
    assertThat(told.at("/results/items")).hasSize(1);
    assertThat(told.at("/results/items/0/id")).isEqualTo(told.path("first"));
  }

  @Test
  @Conformance(client = "4.8.3", function = "tasks.trigger", with = "an idempotency key")
  @Conformance(client = "4.8.3", function = "idempotencyKeys.reset")
  void freesAnIdempotencyKeyOnResetOnFailureAndWhenItExpires() {
    JsonNode reset = told("reset of a key");
    JsonNode failure = told("a key after a failure");

    assertThat(reset.path("second")).isNotEqualTo(reset.path("first"));
    assertThat(reset.path("missing").asInt()).isEqualTo(404);
    assertThat(failure.path("second")).isNotEqualTo(failure.path("first"));
    assertThat(failure.path("third")).isEqualTo(failure.path("second"));
    assertThat(told("a key that expires").has("failed")).isFalse();
  }

  @Test
  @Conformance(client = "4.8.3", function = "runs.list")
  void listsByEveryFilterAndPagesBothWays() {
    JsonNode told = told("list");
    String plain = told.path("plain").asText();
    String rich = told.path("rich").asText();
    JsonNode filters = told.path("filters");

    assertThat(texts(filters.path("queue"))).containsExactly(plain);
    assertThat(texts(filters.path("taskQueue"))).containsExactly(rich);
    for (String name : List.of("machine", "region", "version", "anyTag")) {
      assertThat(texts(filters.path(name))).as(name).containsExactly(rich);
    }
    for (String name : List.of("from", "period", "status")) {
      assertThat(texts(filters.path(name))).as(name).containsExactly(rich, plain);
    }
    for (String name : List.of("completed", "isTest")) {
      assertThat(texts(filters.path(name))).as(name).isEmpty();
    }
    assertThat(texts(told.path("newest"))).containsExactly(rich);
    assertThat(texts(told.path("older"))).containsExactly(plain);
    assertThat(texts(told.path("back"))).containsExactly(rich);
    assertThat(told.path("last").asBoolean()).isFalse();
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
