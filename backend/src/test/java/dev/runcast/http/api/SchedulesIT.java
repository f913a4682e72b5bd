package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SchedulesIT {
  private static final String ALL = "/api/v1/schedules";

  @RegisterExtension static final ApiServer server = new ApiServer();

  private static Reply send(String method, String path, String body) {
    ApiServer.Call call = server.call(method, path);
    return (body == null ? call : call.json(body)).send();
  }

  private static JsonObject done(String method, String path, String body) {
    Reply reply = send(method, path, body);
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  private static String error(String method, String path, String body, int status) {
    Reply reply = send(method, path, body);
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
    return reply.error();
  }

  private static JsonObject plan(String key) {
    return new JsonObject()
        .put("task", "report")
        .put("cron", "0 9 * * 1-5")
        .put("deduplicationKey", key);
  }

  private static JsonObject create(String key) {
    return done("POST", ALL, plan(key).encode());
  }

  @Test
  void aScheduleIsMadeAndTold() {
    JsonObject plan =
        plan("whole")
            .put("cron", "0 9 1 1 *")
            .put("timezone", "Asia/Tokyo")
            .put("externalId", "user/1")
            .put("window", "30m");

    JsonObject made = done("POST", ALL, plan.encode());

    JsonObject told = made.copy();
    String id = (String) told.remove("id");
    Instant next = told.getInstant("nextRun");
    Instant effective = told.getInstant("nextRunEffectiveAt");
    told.remove("nextRun");
    told.remove("nextRunEffectiveAt");
    assertThat(id).startsWith("sched_");
    assertThat(told)
        .isEqualTo(
            new JsonObject(
                """
                {"type":"IMPERATIVE","task":"report","active":true,"deduplicationKey":"whole",
                 "externalId":"user/1","timezone":"Asia/Tokyo","window":"30m",
                 "generator":{"type":"CRON","expression":"0 9 1 1 *",
                   "description":"at 09:00 at 1 day at January month"},
                 "environments":[{"id":"env_dev","type":"DEVELOPMENT"}]}"""));
    ZonedDateTime local = next.atZone(ZoneId.of("Asia/Tokyo"));
    assertThat(next).isAfter(Instant.now().minusSeconds(60));
    assertThat(local.getHour() * 60 + local.getMinute()).isEqualTo(9 * 60);
    assertThat(effective).isBetween(next, next.plus(Duration.ofMinutes(30)));
    JsonObject again = done("GET", ALL + "/" + id, null);
    assertThat(again.getInstant("nextRunEffectiveAt")).isEqualTo(effective);
    assertThat(again).isEqualTo(made);
  }

  @Test
  void whatIsAbsentIsLeftOut() {
    assertThat(create("small").fieldNames())
        .containsExactlyInAnyOrder(
            "id",
            "type",
            "task",
            "active",
            "deduplicationKey",
            "generator",
            "timezone",
            "nextRun",
            "environments");
  }

  @Test
  void theSameKeyIsTheSameScheduleAndChangesIt() {
    JsonObject first = create("same");
    JsonObject plan = plan("same").put("cron", "@daily").put("externalId", "x");

    JsonObject second = done("POST", ALL, plan.encode());
    Reply other = server.call("POST", ALL).as(ApiServer.OTHER_SECRET).json(plan.encode()).send();

    assertThat(second.getString("id")).isEqualTo(first.getString("id"));
    assertThat(second.getJsonObject("generator").getString("expression")).isEqualTo("@daily");
    assertThat(second.getString("externalId")).isEqualTo("x");
    assertThat(create("same").containsKey("externalId")).isFalse();
    assertThat(other.json().getString("id")).isNotEqualTo(first.getString("id"));
    assertThat(other.json().getJsonArray("environments").getJsonObject(0).getMap())
        .containsEntry("id", "env_other")
        .containsEntry("type", "PREVIEW");
  }

  @Test
  void manyWhoMakeItAtOnceMakeOne() {
    List<CompletableFuture<Reply>> twins =
        IntStream.range(0, 8)
            .mapToObj(i -> server.call("POST", ALL).json(plan("parallel").encode()).start())
            .toList();

    assertThat(twins)
        .extracting(twin -> twin.join().json().getString("id"))
        .containsOnly(create("parallel").getString("id"));
  }

  @Test
  void aScheduleIsChangedDeactivatedActivatedAndRemoved() {
    String path = ALL + "/" + create("life").getString("id");

    JsonObject changed =
        done(
            "PUT",
            path,
            "{\"task\":\"other\",\"cron\":\"30 2 * * *\",\"timezone\":\"Europe/Berlin\"}");
    assertThat(changed.getString("task")).isEqualTo("other");
    assertThat(changed.getString("deduplicationKey")).isEqualTo("life");
    assertThat(changed.getString("timezone")).isEqualTo("Europe/Berlin");

    JsonObject off = done("POST", path + "/deactivate", null);
    assertThat(off.getBoolean("active")).isFalse();
    assertThat(off.containsKey("nextRun")).isFalse();
    assertThat(done("POST", path + "/deactivate", "").getBoolean("active")).isFalse();
    assertThat(done("POST", ALL, plan("life").encode()).getBoolean("active")).isFalse();
    assertThat(done("POST", path + "/activate", null).containsKey("nextRun")).isTrue();

    assertThat(done("DELETE", path, null).getString("id")).isEqualTo(path.substring(18));
    for (String method : List.of("GET", "DELETE")) {
      assertThat(error(method, path, null, 404)).contains("schedule");
    }
    error("PUT", path, plan("life").encode(), 404);
    error("POST", path + "/activate", null, 404);
  }

  @Test
  void theListIsPagedNewestFirst() {
    try (ApiServer own = new ApiServer()) {
      for (int i = 0; i < 5; i++) {
        own.call("POST", ALL).json(plan("k" + i).encode()).send();
      }

      JsonObject second = own.call("GET", ALL + "?page=2&perPage=2").send().json();
      JsonObject none = own.call("GET", ALL).as(ApiServer.OTHER_SECRET).send().json();

      assertThat(keys(second)).containsExactly("k2", "k1");
      assertThat(second.getJsonObject("pagination"))
          .isEqualTo(new JsonObject("{\"currentPage\":2,\"totalPages\":3,\"count\":5}"));
      assertThat(keys(none)).isEmpty();
    }
  }

  private static List<String> keys(JsonObject list) {
    JsonArray data = list.getJsonArray("data");
    return IntStream.range(0, data.size())
        .mapToObj(i -> data.getJsonObject(i).getString("deduplicationKey"))
        .toList();
  }

  @Test
  void whatIsDeclaredInCodeIsNotChangedHere() {
    server.postgres.execute(
        """
        insert into schedule (environment_id, id, type, task, cron, timezone)
          values ('env_dev', 'sched_declared', 'DECLARATIVE', 't', '@daily', 'UTC')""");
    String path = ALL + "/sched_declared";

    assertThat(done("GET", path, null).getString("type")).isEqualTo("DECLARATIVE");
    assertThat(error("PUT", path, plan("x").encode(), 422)).contains("code");
    assertThat(error("DELETE", path, null, 422)).contains("code");
    assertThat(done("POST", path + "/deactivate", null).getBoolean("active")).isFalse();
  }

  @Test
  void whatPlainSqlHasSpoiledIsStillTold() {
    server.postgres.execute(
        """
        insert into schedule (environment_id, id, task, cron, timezone, deduplication_key)
          values ('env_dev', 'sched_cron', 't', 'whenever', 'UTC', 'spoiled 1'),
            ('env_dev', 'sched_zone', 't', '@daily', 'Nowhere/Land', 'spoiled 2')""");

    for (String id : List.of("sched_cron", "sched_zone")) {
      assertThat(done("GET", ALL + "/" + id, null).containsKey("nextRun")).isFalse();
    }
    server.postgres.execute("delete from schedule where deduplication_key like 'spoiled%'");
  }

  @Test
  void aRepeatedRequestActsOnce() {
    String[] key = {"x-trigger-request-idempotency-key", UUID.randomUUID().toString()};
    ApiServer.Call call = server.call("POST", ALL).headers(key).json(plan("once").encode());
    String id = call.send().json().getString("id");
    done("PUT", ALL + "/" + id, plan("x").put("task", "changed").encode());

    assertThat(call.send().json().getString("task")).isEqualTo("report");
    assertThat(done("GET", ALL + "/" + id, null).getString("task")).isEqualTo("changed");
    Reply other =
        server.call("POST", ALL).headers(key).json(plan("once").put("task", "o").encode()).send();
    assertThat(other.status()).isEqualTo(422);
    ApiServer.Call removal = server.call("DELETE", ALL + "/" + id).headers(key);
    assertThat(removal.send().status()).isEqualTo(200);
    assertThat(removal.send().status()).isEqualTo(200);
  }

  @Test
  void onlyTheSecretKeyOfTheEnvironmentGetsAtThem() {
    String path = ALL + "/" + create("mine").getString("id");
    String token = ApiServer.token("read:schedules", "write:schedules", "admin");

    for (String asked : List.of(ALL, path)) {
      assertThat(server.call("GET", asked).as(token).send().status()).isEqualTo(403);
      assertThat(server.call("GET", asked).as("tr_dev_nobody").send().status()).isEqualTo(401);
    }
    ApiServer.Call foreign = server.call("GET", path).as(ApiServer.OTHER_SECRET);
    assertThat(foreign.send().status()).isEqualTo(404);
    for (String change : List.of("/activate", "/deactivate")) {
      assertThat(server.call("POST", path + change).as(ApiServer.OTHER_SECRET).send().status())
          .isEqualTo(404);
      assertThat(server.call("POST", path + change).as(token).send().status()).isEqualTo(403);
    }
    assertThat(server.call("DELETE", path).as(ApiServer.OTHER_SECRET).send().status())
        .isEqualTo(404);
    assertThat(done("GET", path, null).getBoolean("active")).isTrue();
  }

  @Test
  void whatCanNotBeIsRefusedInASentence() {
    for (String body : List.of("", "[]", "{", "{}")) {
      error("POST", ALL, body, 400);
    }
    for (String field : List.of("task", "cron", "deduplicationKey")) {
      JsonObject without = plan("refused");
      without.remove(field);
      assertThat(error("POST", ALL, without.encode(), 400)).contains(field);
      assertThat(error("POST", ALL, plan("refused").put(field, 1).encode(), 400)).contains(field);
      assertThat(error("POST", ALL, plan("refused").put(field, "").encode(), 422)).contains(field);
      assertThat(error("POST", ALL, plan("refused").put(field, "a\u0000").encode(), 422))
          .contains("NUL");
      assertThat(error("POST", ALL, plan("r").put(field, "x".repeat(600)).encode(), 422))
          .contains("limit");
    }
    assertThat(error("POST", ALL, plan("refused").put("cron", "0 0 30 2 *").encode(), 422))
        .contains("never");
    assertThat(error("POST", ALL, plan("refused").put("cron", "61 * * * *").encode(), 422))
        .contains("61");
    for (String zone : List.of("Mars/Base", "GMT+2", "+02:00", "CET ", "SystemV/PST8PDT")) {
      assertThat(error("POST", ALL, plan("refused").put("timezone", zone).encode(), 422))
          .contains("IANA");
    }
    for (String window : List.of("25h", "101%", "1.5h", "30", "-5m", "030m")) {
      assertThat(error("POST", ALL, plan("refused").put("window", window).encode(), 422))
          .contains("window");
    }
    error("GET", ALL + "/sched_%00", null, 404);
    error("GET", ALL + "/" + "x".repeat(100), null, 404);
    error("GET", ALL + "?perPage=1000", null, 400);
  }

  @Test
  void theNextTimesAreToldOfWhatIsNoScheduleYet() {
    JsonArray upcoming =
        done("GET", ALL + "/upcoming?cron=30+9+*+*+*&timezone=Asia%2FTokyo", null)
            .getJsonArray("upcoming");

    assertThat(upcoming).hasSize(5);
    ZonedDateTime first = Instant.parse(upcoming.getString(0)).atZone(ZoneId.of("Asia/Tokyo"));
    assertThat(first.getHour()).isEqualTo(9);
    assertThat(first.getMinute()).isEqualTo(30);
    assertThat(Duration.between(first.toInstant(), Instant.parse(upcoming.getString(4))))
        .isEqualTo(Duration.ofDays(4));
    assertThat(error("GET", ALL + "/upcoming?cron=0+0+30+2+*", null, 422)).contains("never");
    assertThat(error("GET", ALL + "/upcoming?cron=61+*+*+*+*", null, 422)).contains("61");
    assertThat(error("GET", ALL + "/upcoming?cron=0+9+*+*+*&timezone=Mars", null, 422))
        .contains("IANA");
    assertThat(error("GET", ALL + "/upcoming", null, 400)).contains("cron");
  }

  @Test
  void theTimeOfTheLastRunIsTold() {
    JsonObject schedule = create("lasting");
    assertThat(schedule.containsKey("lastRun")).isFalse();
    server.query(
        "update schedule set last_at = '2026-01-01T09:00:00Z' where id = '%s' returning 1"
            .formatted(schedule.getString("id")));

    assertThat(done("GET", ALL + "/" + schedule.getString("id"), null).getString("lastRun"))
        .isEqualTo("2026-01-01T09:00:00Z");
  }

  @Test
  void timeZonesAreForAnybody() {
    JsonObject all = server.call("GET", "/api/v1/timezones").as("nobody").send().json();
    JsonObject places =
        server.call("GET", "/api/v1/timezones?excludeUtc=true").as("nobody").send().json();

    List<String> names = names(all);
    assertThat(names).startsWith("UTC", "Africa/Abidjan").contains("Europe/London", "Asia/Tokyo");
    assertThat(names).doesNotContain("Etc/UTC", "US/Pacific", "SystemV/PST8PDT", "CET");
    assertThat(names(places)).isEqualTo(names.subList(1, names.size()));
    assertThat(error("GET", "/api/v1/timezones?excludeUtc=perhaps", null, 400)).contains("true");
  }

  private static List<String> names(JsonObject zones) {
    return zones.getJsonArray("timezones").stream().map(String::valueOf).toList();
  }

  @Test
  void noRunIsOfASchedule() {
    server.trigger("report", "{}");

    assertThat(done("GET", "/api/v1/runs?filter%5Bschedule%5D=sched_x", null).getJsonArray("data"))
        .isEmpty();
  }

  @Test
  void aRunTellsOfTheScheduleThatMadeItAndIsListedByIt() {
    JsonObject schedule = create("maker");
    String run = server.trigger("report", "{}");
    server.query(
        "insert into scheduled_run (environment_id, schedule_id, at, run_id) select environment_id, '%s', now(), id from run where id = '%s' returning 1"
            .formatted(schedule.getString("id"), run));

    JsonObject told = done("GET", "/api/v3/runs/" + run, null).getJsonObject("schedule");

    assertThat(told)
        .isEqualTo(
            new JsonObject()
                .put("id", schedule.getString("id"))
                .put("deduplicationKey", "maker")
                .put("generator", schedule.getJsonObject("generator")));
    JsonArray listed =
        done("GET", "/api/v1/runs?filter[schedule]=" + schedule.getString("id"), null)
            .getJsonArray("data");
    assertThat(listed).hasSize(1);
    assertThat(listed.getJsonObject(0).getString("id")).isEqualTo(run);
  }
}
