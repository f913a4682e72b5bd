package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Shared;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Public tokens that the official SDK, unmodified, makes do what they are for, and only that. */
class OfficialTokensIT {
  private static final String NAME = NewRun.name("tokens");
  private static ClientProgram program;

  @BeforeAll
  static void runTheProgram() {
    program = ClientProgram.start("tokens", Shared.node(), NAME).awaitEnd();
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"auth.createTriggerPublicToken", "publicAccessToken"})
  void aTokenTriggersItsTaskOnceAndItsHandleReadsTheRun() {
    JsonNode told = told("trigger token");

    assertThat(told.path("other").asInt()).as("another task").isEqualTo(403);
    assertThat(told.path("second").asInt()).as("a second use").isEqualTo(422);
    assertThat(told.at("/run/payload/n").asInt()).isEqualTo(1);
    assertThat(told.at("/run/tags/0").asText()).isEqualTo("by-token");
    assertThat(told.path("foreign").asInt()).as("to cancel with a handle").isEqualTo(403);
    assertThat(told.at("/claims/otu").asBoolean()).isTrue();
    assertThat(told.at("/claims/jti").isTextual()).isTrue();
  }

  @Test
  void usesAtOnceMakeOneRun() {
    JsonNode told = told("two uses at once");

    assertThat(told.path("runs").asInt()).isEqualTo(1);
    assertThat(told.path("made").asInt()).isEqualTo(1);
    assertThat(told.path("refused").toString()).isEqualTo("[422,422]");
  }

  @Test
  void aRefusalDoesNotUseATokenUp() {
    assertThat(told("a refusal uses nothing up").toString())
        .isEqualTo("{\"tooMany\":422,\"made\":\"object\"}");
  }

  @Test
  void aTokenForManyUsesTriggersAllOfItsTasks() {
    JsonNode told = told("for many uses");

    assertThat(told.path("made").toString()).isEqualTo("[\"object\",\"object\",\"object\"]");
    assertThat(told.path("life").asInt()).isEqualTo(3_600);
  }

  @Test
  @Conformance(client = "4.8.3", function = "auth.createBatchTriggerPublicToken")
  void aTokenTriggersABatchWithAllOfItsItemsOnce() {
    JsonNode told = told("batch token");

    assertThat(told.path("other").asInt()).as("another task").isEqualTo(403);
    assertThat(told.path("again").asInt()).as("a second batch").isEqualTo(422);
    assertThat(told.at("/found/runCount").asInt()).isEqualTo(2);
    assertThat(told.at("/found/runs")).hasSize(2);
  }

  @Test
  void aBatchNeedsATokenForEachOfItsTasks() {
    JsonNode told = told("batch token of two tasks");

    assertThat(told.path("refused").asInt()).isEqualTo(403);
    assertThat(told.at("/made/runCount").asInt()).isEqualTo(2);
  }

  @Test
  void aTokenHidesColumnsWhereverItReads() {
    JsonNode told = told("hidden columns");

    assertThat(told.at("/found/id").isTextual()).isTrue();
    assertThat(told.at("/found/metadata/shown").asInt()).isEqualTo(1);
    assertThat(told.at("/seen/id")).isEqualTo(told.at("/found/id"));
    assertThat(told.at("/seen/metadata/shown").asInt()).isEqualTo(1);
    assertThat(told.toString()).doesNotContain("secret");
  }

  @Test
  void whatIsHiddenStaysSoForTheHandleOfWhatATokenTriggers() {
    JsonNode found = told("columns hidden from what it triggers").path("found");

    assertThat(found.path("id").isTextual()).isTrue();
    assertThat(found.toString()).doesNotContain("secret");
  }

  @Test
  void aTokenEndsWhenItWasToldTo() {
    assertThat(told("expiry").toString())
        .isEqualTo("[[true,\"read\"],[true,\"read\"],[true,\"read\"],[true,\"read\"],[false,401]]");
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {
        "auth.withPublicToken",
        "auth.withTriggerPublicToken",
        "auth.withBatchTriggerPublicToken"
      })
  void workIsDoneWithATokenThatIsMadeForIt() {
    JsonNode told = told("with tokens");

    assertThat(told.path("read")).isEqualTo(told.path("triggered"));
    assertThat(told.path("batch").asInt()).isEqualTo(1);
    assertThat(told.path("lists").asInt()).isEqualTo(403);
    assertThat(told.path("listsOfTask").asBoolean()).isTrue();
  }

  @Test
  void whoReadsMayNotWriteNorWhoWritesRead() {
    assertThat(told("who reads may not write").toString())
        .isEqualTo("{\"read\":[\"object\",403],\"write\":[403,\"object\"]}");
  }

  private static JsonNode told(String name) {
    assertThat(program.told(name)).as(program.toString()).hasSize(1);
    return program.told(name).get(0);
  }
}
