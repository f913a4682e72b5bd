package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.ClientProgram;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Shared;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official SDK, unmodified, with what is kept beside runs. */
class StoredClientIT {
  private static final String NAME = NewRun.name("stored");
  private static ClientProgram program;

  @BeforeAll
  static void runTheProgram() {
    program = ClientProgram.start("stored", Shared.node(), NAME).awaitEnd();
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {
        "queues.retrieve",
        "queues.pause",
        "queues.resume",
        "queues.overrideConcurrencyLimit",
        "queues.resetConcurrencyLimit"
      })
  void tellsPausesAndLimitsAQueue() {
    JsonNode told = told("queues");

    assertThat(told.at("/custom/name").asText()).isEqualTo(NAME + "/own");
    assertThat(told.at("/custom/type").asText()).isEqualTo("custom");
    assertThat(told.at("/custom/running").asInt()).isEqualTo(1);
    assertThat(told.at("/custom/queued").asInt()).isEqualTo(1);
    assertThat(told.at("/custom/version").asText()).isEqualTo("V1");
    assertThat(told.at("/paused/paused").asBoolean()).isTrue();
    assertThat(told.at("/resumed/paused").asBoolean()).isFalse();
    assertThat(told.at("/overridden/concurrencyLimit").asInt()).isEqualTo(7);
    assertThat(told.at("/overridden/concurrency/overriddenAt").isTextual()).isTrue();
    assertThat(told.at("/reset")).isEqualTo(told.at("/custom"));
    assertThat(told.at("/byId")).isEqualTo(told.at("/custom"));
    assertThat(told.at("/task/name").asText()).isEqualTo(NAME + "-task");
    assertThat(told.at("/task/type").asText()).isEqualTo("task");
  }

  @Test
  @Conformance(client = "4.8.3", function = "queues.list")
  void listsQueuesPageByPage() {
    JsonNode told = told("list of queues");

    assertThat(told.path("seen"))
        .extracting(JsonNode::asText)
        .contains(NAME + "/own", NAME + "-task");
    assertThat(told.path("seen")).hasSize(told.at("/pagination/count").asInt());
    assertThat(told.path("next").asInt()).isEqualTo(1);
    assertThat(told("no such queue").path("status").asInt()).isEqualTo(404);
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {
        "envvars.create",
        "envvars.retrieve",
        "envvars.list",
        "envvars.upload",
        "envvars.del"
      })
  void setsTellsAndRemovesEnvironmentVariables() {
    JsonNode told = told("variables");
    String key = told.path("key").asText();

    assertThat(told.path("created").toString())
        .isEqualTo("{\"name\":\"" + key + "_A\",\"value\":\"one\",\"isSecret\":false}");
    assertThat(told.path("uploaded"))
        .extracting(each -> each.path("value").asText())
        .containsExactly("two", "three");
    assertThat(told.at("/refused/status").asInt()).isEqualTo(422);
    assertThat(told.at("/refused/message").asText()).contains(key + "_B");
    assertThat(told.at("/gone/status").asInt()).isEqualTo(404);
    assertThat(told.at("/elsewhere/status").asInt()).isEqualTo(403);
  }

  @Test
  @Conformance(client = "4.8.3", function = "envvars.upload")
  void neverTellsASecretVariable() {
    assertThat(told("a secret variable").path("value").asText()).isEqualTo("<redacted>");
    assertThat(told("a secret variable").path("isSecret").asBoolean()).isTrue();
  }

  /** A fault of that package: the day it is mended, this function has to be tried. */
  @Test
  void changesNoVariableSinceItFailsBeforeItAsks() {
    assertThat(told("a change of a variable").at("/failed/name").asText())
        .isEqualTo("ReferenceError");
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {
        "schedules.create",
        "schedules.retrieve",
        "schedules.list",
        "schedules.update",
        "schedules.del",
        "schedules.activate",
        "schedules.deactivate"
      })
  void makesChangesListsAndRemovesSchedules() {
    JsonNode told = told("schedules");
    JsonNode created = told.path("created");
    Instant next = Instant.parse(created.path("nextRun").asText());
    ZonedDateTime local = next.atZone(ZoneId.of("America/New_York"));

    assertThat(local.getHour() * 60 + local.getMinute()).isEqualTo(9 * 60);
    assertThat(local.getDayOfWeek()).isLessThanOrEqualTo(DayOfWeek.FRIDAY);
    assertThat(Instant.parse(created.path("nextRunEffectiveAt").asText()))
        .isBetween(next, next.plus(Duration.ofMinutes(30)));
    assertThat(told.at("/again/id")).isEqualTo(created.path("id"));
    assertThat(told.at("/again/generator/expression").asText()).isEqualTo("*/5 * 29 2 *");
    assertThat(told.at("/updated/task").asText()).isEqualTo("other");
    assertThat(told.at("/off/active").asBoolean()).isFalse();
    assertThat(told.at("/off").has("nextRun")).isFalse();
    assertThat(told.at("/on/active").asBoolean()).isTrue();
    assertThat(told.path("retrieved")).isEqualTo(told.path("on"));
    assertThat(told.path("seen"))
        .extracting(JsonNode::asText)
        .contains(NAME + "-schedule", NAME + "-second")
        .doesNotHaveDuplicates();
    assertThat(told.path("runs").asInt()).isZero();
    assertThat(told.at("/deleted/id")).isEqualTo(created.path("id"));
    assertThat(told.at("/gone/status").asInt()).isEqualTo(404);
    assertThat(told.at("/refused/status").asInt()).isEqualTo(422);
  }

  @Test
  @Conformance(client = "4.8.3", function = "schedules.timezones")
  void listsTimeZones() {
    assertThat(told("time zones").path("all"))
        .extracting(JsonNode::asText)
        .startsWith("UTC")
        .contains("Europe/London");
    assertThat(told("time zones").path("places"))
        .extracting(JsonNode::asText)
        .contains("Europe/London")
        .doesNotContain("UTC");
  }

  private static JsonNode told(String name) {
    assertThat(program.told(name)).as(program.toString()).hasSize(1);
    return program.told(name).get(0);
  }
}
