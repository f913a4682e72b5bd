package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Shared;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK, unmodified, makes, reads and completes wait tokens. */
class WaitTokensIT {
  private static final String NAME = NewRun.name("waits");
  private static ClientProgram program;

  @BeforeAll
  static void runTheProgram() {
    program = ClientProgram.start("waits", Shared.node(), NAME).awaitEnd();
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"wait.createToken", "wait.retrieveToken"})
  void makesAToken() {
    JsonNode made = told("create").path("made");
    JsonNode found = told("create").path("found");

    assertThat(made.path("isCached").asBoolean(true)).isFalse();
    assertThat(made.path("publicAccessToken").asText().split("\\.")).hasSize(3);
    assertThat(found.path("id")).isEqualTo(made.path("id"));
    assertThat(found.path("url")).isEqualTo(made.path("url"));
    assertThat(found.path("status").asText()).isEqualTo("WAITING");
    assertThat(found.path("tags").toString()).isEqualTo("[\"" + NAME + ":tag\",\"second\"]");
    assertThat(
            Duration.between(
                Instant.parse(found.path("createdAt").asText()),
                Instant.parse(found.path("timeoutAt").asText())))
        .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
  }

  @Test
  void isGivenTheFirstTokenForARepeatedIdempotencyKey() {
    JsonNode told = told("idempotency key");

    assertThat(told.at("/second/id")).isEqualTo(told.at("/first/id"));
    assertThat(told.at("/first/isCached").asBoolean()).isFalse();
    assertThat(told.at("/second/isCached").asBoolean()).isTrue();
    assertThat(told.at("/found/idempotencyKey").asText()).isEqualTo(NAME + "-key");
    assertThat(told.at("/found/idempotencyKeyExpiresAt").isTextual()).isTrue();
  }

  @Test
  @Conformance(client = "4.8.3", function = "wait.completeToken")
  void completesATokenOnce() {
    JsonNode told = told("complete");

    assertThat(told.at("/before/status").asText()).isEqualTo("WAITING");
    assertThat(told.at("/before/output").isMissingNode()).isTrue();
    assertThat(told.at("/completed/success").asBoolean()).isTrue();
    assertThat(told.at("/again/success").asBoolean()).isTrue();
    assertThat(told.at("/after/status").asText()).isEqualTo("COMPLETED");
    assertThat(told.at("/after/completedAt").isTextual()).isTrue();
    assertThat(told.at("/after/output").toString())
        .isEqualTo("{\"status\":\"approved\",\"n\":[1,null]}");
  }

  @Test
  void tellsAnEmptyValueFromNone() {
    assertThat(told("complete with little").toString())
        .isEqualTo(
            "[[\"\",\"COMPLETED\"],[0,\"COMPLETED\"],[null,\"COMPLETED\"],"
                + "[\"undefined\",\"COMPLETED\"]]");
  }

  @Test
  void learnsThatATokenTimedOutAndStaysSo() {
    JsonNode told = told("timed out");

    assertThat(told.path("status").asText()).isEqualTo("TIMED_OUT");
    assertThat(told.path("output").isMissingNode()).isTrue();
    assertThat(told.path("errorName").asText()).isEqualTo("WaitpointTimeoutError");
    assertThat(told.path("errorMessage").asText()).contains("timeout");
    assertThat(told.path("completedAt").asText()).isGreaterThan(told.path("timeoutAt").asText());
  }

  @Test
  void whoHasTheUrlCompletesATokenWithoutACredential() {
    assertThat(told("callback").path("status").asInt()).isEqualTo(200);
    assertThat(told("callback").at("/body/success").asBoolean()).isTrue();
    assertThat(told("callback").path("output").toString()).isEqualTo("{\"prediction\":42}");
  }

  @Test
  @Conformance(client = "4.8.3", function = "wait.listTokens")
  void listsTokensByFilterAndPage() {
    JsonNode told = told("list");
    List<String> made = texts(told.path("made"));
    List<String> newestFirst = new ArrayList<>(made);
    Collections.reverse(newestFirst);

    assertThat(texts(told.path("all"))).isEqualTo(newestFirst);
    assertThat(texts(told.at("/pages/0"))).isEqualTo(newestFirst.subList(0, 2));
    assertThat(texts(told.at("/pages/1"))).isEqualTo(newestFirst.subList(2, 4));
    assertThat(texts(told.at("/pages/2"))).isEqualTo(newestFirst.subList(0, 2));
    assertThat(texts(told.path("completed"))).containsExactly(made.get(1));
    assertThat(texts(told.path("open"))).hasSize(4).doesNotContain(made.get(1));
    assertThat(texts(told.path("byKey"))).containsExactly(made.get(3));
    assertThat(texts(told.path("recent"))).isEqualTo(newestFirst);
    assertThat(texts(told.path("older"))).isEmpty();
  }

  @Test
  void doesWithAPublicTokenWhatItsScopesSay() {
    JsonNode told = told("public tokens");

    assertThat(told.at("/own/success").asBoolean()).isTrue();
    assertThat(told.path("other").asInt()).isEqualTo(403);
    assertThat(told.path("reads").asInt()).isEqualTo(403);
    assertThat(told.path("read").asText()).isEqualTo("by its own token");
    assertThat(told.path("readsOther").asInt()).isEqualTo(403);
    assertThat(told.path("completes").asInt()).isEqualTo(403);
    assertThat(told.path("lists").asInt()).isEqualTo(403);
  }

  @Test
  void refusesAnUnknownTokenInAFormThatTheClientUnderstands() {
    assertThat(told("no such token").at("/failed/status").asInt()).isEqualTo(404);
    assertThat(told("no such token").at("/failed/message").asText()).contains("waitpoint");
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
