package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Shared;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK of the generation before, unmodified, with what is kept beside runs. */
class LegacyStoredIT {
  private static final String OLD = "3.3.17";
  private static ClientProgram program;

  @BeforeAll
  static void runTheProgram() {
    program = ClientProgram.start("stored-3.3", Shared.node(), NewRun.name("stored33")).awaitEnd();
  }

  @Test
  @Conformance(client = OLD, function = "tasks.trigger", with = "a payload of 128 KiB or more")
  void sendsALargePayloadInTheRequest() {
    assertThat(told("a large payload").path("same").asBoolean()).isTrue();
    assertThat(told("a large payload").path("at").asText()).isEqualTo("1970-01-01T00:00:00.000Z");
  }

  @Test
  @Conformance(client = OLD, function = "runs.retrieve")
  void readsAPayloadThatWasPutApart() {
    assertThat(told("a payload that was put apart").path("same").asBoolean()).isTrue();
    assertThat(told("a payload that was put apart").path("byName").asBoolean()).isTrue();
  }

  @Test
  @Conformance(client = OLD, function = "tasks.trigger", with = "an idempotency key")
  @Conformance(client = OLD, function = "idempotencyKeys.create")
  void givesTheFirstRunForARepeatedIdempotencyKey() {
    JsonNode told = told("an idempotency key");

    assertThat(told.path("second")).isEqualTo(told.path("first"));
    assertThat(told.path("third")).isNotEqualTo(told.path("first"));
  }

  @Test
  @Conformance(client = OLD, function = "auth.createPublicToken")
  void acceptsATokenThatTheClientSignedForWhatItsScopesSay() {
    assertThat(told("a public token").path("own").asBoolean()).isTrue();
    assertThat(told("a public token").at("/other/status").asInt()).isEqualTo(403);
  }

  @Test
  @Conformance(
      client = OLD,
      function = {"getRunResult", "getBatchResults"})
  void tellsWhatRunsCameTo() {
    JsonNode told = told("results");

    assertThat(told.path("before").asText()).isEqualTo("none");
    assertThat(told.at("/after/output").asText()).isEqualTo("{\"answer\":42}");
    assertThat(told.at("/failed/ok").asBoolean()).isFalse();
    assertThat(told.at("/failed/error/type").asText()).isEqualTo("BUILT_IN_ERROR");
    assertThat(told.at("/failed/error/message").asText()).isEqualTo("RECURSIVE_WAIT_DEADLOCK");
    assertThat(told.at("/batch/items")).hasSize(1);
    assertThat(told.at("/batch/items/0/id")).isEqualTo(told.path("first"));
  }

  @Test
  @Conformance(
      client = OLD,
      function = {
        "schedules.create",
        "schedules.retrieve",
        "schedules.list",
        "schedules.update",
        "schedules.del",
        "schedules.activate",
        "schedules.deactivate",
        "schedules.timezones"
      })
  void makesChangesListsAndRemovesSchedules() {
    JsonNode told = told("schedules");

    assertThat(told.at("/created/nextRun").isTextual()).isTrue();
    assertThat(told.at("/updated/generator/expression").asText()).isEqualTo("@yearly");
    assertThat(told.at("/off/active").asBoolean()).isFalse();
    assertThat(told.path("retrieved")).isEqualTo(told.path("on"));
    assertThat(told.path("listed").asBoolean()).isTrue();
    assertThat(told.at("/deleted/id")).isEqualTo(told.at("/created/id"));
    assertThat(told.path("zones").asInt()).isGreaterThan(300);
  }

  @Test
  @Conformance(
      client = OLD,
      function = {
        "envvars.create",
        "envvars.retrieve",
        "envvars.list",
        "envvars.upload",
        "envvars.del"
      })
  void setsTellsAndRemovesEnvironmentVariables() {
    JsonNode told = told("variables");

    assertThat(told.path("one").asText()).isEqualTo("one");
    assertThat(told.path("all")).extracting(JsonNode::asText).containsExactly("one", "two");
    assertThat(told.at("/gone/status").asInt()).isEqualTo(404);
  }

  /** A fault of that package: the day it is mended, this function has to be tried. */
  @Test
  void changesNoVariableSinceItFailsBeforeItAsks() {
    assertThat(told("a change of a variable").at("/failed/name").asText())
        .isEqualTo("ReferenceError");
  }

  private static JsonNode told(String name) {
    assertThat(program.told(name)).as(program.toString()).hasSize(1);
    return program.told(name).get(0);
  }
}
