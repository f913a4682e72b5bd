package dev.runcast.http.api;

import static dev.runcast.http.api.Debounced.body;
import static dev.runcast.http.api.Debounced.count;
import static dev.runcast.http.api.Debounced.leading;
import static dev.runcast.http.api.Debounced.trailing;
import static dev.runcast.testing.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Triggers with a debounce key: those that come while the run of the first is delayed. */
class DebounceIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  private static String trigger(String task, int n, String debounce, String more) {
    return server.trigger(task, body(n, debounce, more));
  }

  private static Instant delayOf(JsonObject run) {
    return Instant.parse(run.getString("delayedUntil"));
  }

  /** Has a run be due to begin in a minute, as if it had been triggered long ago. */
  private static void almostThere(String run) {
    server.postgres.execute(
        """
        update run set delay_until = now() + interval '1 minute' where id = '%1$s';
        update due set at = now() + case kind when 'DELAY' then interval '1 minute'
          else interval '11 minutes' end where ref = '%1$s'"""
            .formatted(run));
  }

  private static void enqueue(String run) {
    server.postgres.execute("update run set status = 'PENDING' where id = '" + run + "'");
  }

  @Test
  void theFirstTriggerMakesADelayedRun() {
    Instant before = Instant.now();
    Reply reply = server.triggering("first", body(1, leading("k"), "")).send();

    JsonObject run = server.retrieve(reply.json().getString("id"));
    assertThat(reply.json().getBoolean("isCached")).isFalse();
    assertThat(run.getString("status")).isEqualTo("DELAYED");
    assertThat(delayOf(run)).isBetween(before.plusSeconds(3599), Instant.now().plusSeconds(3600));
    assertThat(server.dues).anyMatch(due -> due.toEpochMilli() == delayOf(run).toEpochMilli());
  }

  @Test
  void aSecondTriggerPushesTheRunAndItsExpiryOnAndLeavesTheRestAsItWas() {
    String id = trigger("push", 1, leading("k"), "\"ttl\":\"10m\",\"tags\":[\"one\"]");
    almostThere(id);

    Reply second =
        server
            .triggering("push", body(2, leading("k"), "\"tags\":[\"two\"],\"maxAttempts\":9"))
            .send();

    JsonObject run = server.retrieve(id);
    assertThat(second.json()).isEqualTo(new JsonObject().put("id", id).put("isCached", false));
    assertThat(second.header("x-trigger-jwt")).isNotNull();
    assertThat(second.header("x-runcast-position")).isNotNull();
    assertThat(run.getJsonObject("payload").getInteger("n")).isEqualTo(1);
    assertThat(run.getJsonArray("tags")).containsExactly("one");
    assertThat(delayOf(run)).isAfter(Instant.now().plusSeconds(3500));
    assertThat(
            server.query(
                """
                select version, max_attempts,
                  (select at = delay_until from due where ref = run.id and kind = 'DELAY'),
                  (select at = delay_until + interval '10 minutes' from due where ref = run.id
                    and kind = 'TTL')
                from run where id = '%s'"""
                    .formatted(id)))
        .containsExactly("3", null, "t", "t");
    assertThat(count(server, "push")).isEqualTo(1);
  }

  @Test
  void aTrailingTriggerBringsWhatItNames() {
    String id =
        trigger(
            "trail",
            1,
            trailing("k"),
            "\"metadata\":{\"m\":1},\"tags\":[\"a\"],\"machine\":\"micro\",\"maxAttempts\":1,\"maxDuration\":10");
    trigger("trail", 2, trailing("k"), "\"tags\":[\"b\",\"a\"],\"maxAttempts\":2");
    String again =
        trigger(
            "trail",
            3,
            trailing("k"),
            "\"metadata\":{\"m\":3},\"machine\":\"small-2x\",\"maxDuration\":30,\"queue\":{\"name\":\"other\"}");

    JsonObject run = server.retrieve(again);
    assertThat(again).isEqualTo(id);
    assertThat(run.getJsonObject("payload").getInteger("n")).isEqualTo(3);
    assertThat(run.getJsonObject("metadata").getInteger("m")).isEqualTo(3);
    assertThat(run.getJsonArray("tags")).containsExactly("a", "b");
    assertThat(run.getString("queue")).isEqualTo("task/trail");
    assertThat(
            server.query(
                "select machine, max_attempts, max_duration_seconds from run where id = '%s'"
                    .formatted(id)))
        .containsExactly("small-2x", "2", "30");
  }

  @Test
  void aTrailingTriggerWithoutMetadataLeavesIt() {
    String id = trigger("keep", 1, trailing("k"), "\"metadata\":{\"m\":1}");

    server.trigger("keep", "{\"options\":{\"debounce\":{" + trailing("k") + "}}}");

    JsonObject run = server.retrieve(id);
    assertThat(run.getJsonObject("metadata").getInteger("m")).isEqualTo(1);
    assertThat(run.containsKey("payload")).isFalse();
  }

  @Test
  void asManyTagsAreAddedAsARunMayHave() {
    String eight =
        "\"tags\":["
            + String.join(",", IntStream.range(0, 8).mapToObj(n -> "\"t" + n + "\"").toList());
    String id = trigger("full", 1, trailing("k"), eight + "]");

    trigger("full", 2, trailing("k"), "\"tags\":[\"x\",\"t1\",\"y\",\"z\"]");

    JsonObject run = server.retrieve(id);
    assertThat(run.getJsonArray("tags")).hasSize(10).contains("x", "y").doesNotContain("z");
    assertThat(run.getJsonObject("payload").getInteger("n")).isEqualTo(2);
  }

  @Test
  void aRunIsNeverPulledForward() {
    String id = trigger("back", 1, leading("k"), "\"delay\":\"2d\"");
    Instant before = delayOf(server.retrieve(id));

    String again = trigger("back", 2, leading("k"), "");

    assertThat(again).isEqualTo(id);
    assertThat(delayOf(server.retrieve(id)))
        .isEqualTo(before)
        .isAfter(Instant.now().plusSeconds(7200));
    assertThat(server.query("select version from run where id = '" + id + "'"))
        .containsExactly("1");
  }

  @Test
  void whatHasLeftItsDelayIsLeftAlone() {
    String queued = trigger("left", 1, leading("k"), "");
    enqueue(queued);
    String second = trigger("left", 2, trailing("k"), "");
    server.call("POST", "/api/v2/runs/" + second + "/cancel").send();
    String third = trigger("left", 3, leading("k"), "");
    String fourth = trigger("left", 4, leading("k"), "");

    assertThat(List.of(queued, second, third)).doesNotHaveDuplicates();
    assertThat(fourth).isEqualTo(third);
    assertThat(server.retrieve(queued).getJsonObject("payload").getInteger("n")).isEqualTo(1);
    assertThat(count(server, "left")).isEqualTo(3);
  }

  @Test
  void aRescheduledRunIsPushedOnFromWhereItIs() {
    String id = trigger("moved", 1, leading("k"), "");
    server.call("POST", "/api/v1/runs/" + id + "/reschedule").json("{\"delay\":\"5m\"}").send();

    assertThat(trigger("moved", 2, leading("k"), "")).isEqualTo(id);
    assertThat(delayOf(server.retrieve(id))).isAfter(Instant.now().plusSeconds(3500));
  }

  @Test
  void aRunThatWouldBePushedBeyondItsBoundGoesAndTheKeyHasANewOne() {
    String bounded = leading("k") + ",\"maxDelay\":\"2h\"";
    String first = trigger("bound", 1, bounded, "");
    assertThat(trigger("bound", 2, bounded, "")).isEqualTo(first);
    Instant before = delayOf(server.retrieve(first));
    server.postgres.execute(
        """
        alter table run disable trigger run_stamp;
        update run set created_at = now() - interval '61 minutes' where id = '%s';
        alter table run enable always trigger run_stamp"""
            .formatted(first));

    String next = trigger("bound", 3, bounded, "");

    assertThat(next).isNotEqualTo(first);
    assertThat(delayOf(server.retrieve(first))).isEqualTo(before);
    assertThat(trigger("bound", 4, bounded, "")).isEqualTo(next);
    assertThat(count(server, "bound")).isEqualTo(2);
  }

  @Test
  void keysAreOfOneTaskInOneEnvironment() {
    String id = trigger("here", 1, leading("k"), "");
    Reply elsewhere =
        server.triggering("here", body(1, leading("k"), "")).as(ApiServer.OTHER_SECRET).send();

    assertThat(elsewhere.json().getString("id")).isNotEqualTo(id);
    assertThat(trigger("there", 1, leading("k"), "")).isNotEqualTo(id);
    assertThat(trigger("here", 1, leading("other"), "")).isNotEqualTo(id);
    assertThat(server.trigger("here", "{}")).isNotEqualTo(id);
    assertThat(trigger("here", 1, leading("k"), "")).isEqualTo(id);
  }

  @Test
  void anIdempotencyKeyGoesFirstAndStandsForWhatTheTriggerLedTo() {
    String id = trigger("both", 1, leading("k"), "");
    String under = trigger("both", 2, trailing("k"), "\"idempotencyKey\":\"i\"");
    enqueue(id);

    Reply cached =
        server.triggering("both", body(3, trailing("k"), "\"idempotencyKey\":\"i\"")).send();
    String next = trigger("both", 4, leading("k"), "");

    assertThat(under).isEqualTo(id);
    assertThat(cached.json()).isEqualTo(new JsonObject().put("id", id).put("isCached", true));
    assertThat(server.retrieve(id).getJsonObject("payload").getInteger("n")).isEqualTo(2);
    assertThat(next).isNotEqualTo(id);
  }

  @Test
  void aRequestThatIsRepeatedPushesOnce() {
    String key = "x-trigger-request-idempotency-key";
    String id = trigger("repeat", 1, leading("k"), "");
    almostThere(id);
    ApiServer.Call call =
        server.triggering("repeat", body(2, leading("k"), "")).headers(key, "once");

    String first = call.send().json().getString("id");
    almostThere(id);
    String again = call.send().json().getString("id");

    assertThat(List.of(first, again)).containsOnly(id);
    assertThat(delayOf(server.retrieve(id))).isBefore(Instant.now().plusSeconds(120));
  }

  @Test
  void aReplayIsARunOfItsOwn() {
    String id = trigger("replayed", 1, leading("k"), "");

    Reply replay = server.call("POST", "/api/v1/runs/" + id + "/replay").json("{}").send();

    JsonObject run = server.retrieve(replay.json().getString("id"));
    assertThat(run.getString("id")).isNotEqualTo(id);
    assertThat(run.getString("status")).isEqualTo("QUEUED");
  }

  @Test
  void parallelTriggersMakeOneRun() {
    List<CompletableFuture<Reply>> replies =
        IntStream.range(0, 24)
            .mapToObj(n -> server.triggering("twins", body(n, trailing("k"), "")).start())
            .toList();

    List<String> ids = replies.stream().map(reply -> reply.join().json().getString("id")).toList();
    assertThat(ids).hasSize(24).containsOnly(ids.get(0));
    assertThat(count(server, "twins")).isEqualTo(1);
    assertThat(server.query("select version from run where id = '" + ids.get(0) + "'"))
        .containsExactly("24");
  }

  @Test
  void aTriggerWaitsForWhoEndsTheDelayAndThenMakesARunOfItsOwn() throws SQLException {
    String id = trigger("ends", 1, leading("k"), "");
    CompletableFuture<Reply> second;
    try (Connection connection = server.postgres.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("update run set status = 'PENDING' where id = '" + id + "'");
      second = server.triggering("ends", body(2, trailing("k"), "")).start();
      until(
          "the trigger waits for the run",
          () ->
              !server
                  .query(
                      "select count(*) from pg_stat_activity where datname = current_database()"
                          + " and wait_event_type = 'Lock'")
                  .equals(List.of("0")));
      connection.commit();
    }

    assertThat(second.join().json().getString("id")).isNotEqualTo(id);
    assertThat(server.retrieve(id).getJsonObject("payload").getInteger("n")).isEqualTo(1);
    assertThat(count(server, "ends")).isEqualTo(2);
  }
}
