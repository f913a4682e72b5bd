package dev.runcast.engine.due;

import static dev.runcast.testing.Await.await;
import static dev.runcast.testing.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.config.Settings;
import dev.runcast.engine.Limits;
import dev.runcast.engine.Runs;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.execution.Lapses;
import dev.runcast.testing.DueDatabase;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DueSchedulesIT {
  private static final Duration LONG = Duration.ofDays(1);
  private static final Settings.Retention KEEP_ALL =
      new Settings.Retention(LONG, LONG, LONG, LONG, LONG, LONG);
  private static final Pace PROMPT =
      new Pace(Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofMillis(100));

  /** Never comes in the lifetime of a test: the only time of a year that is a leap year. */
  private static final String FAR = "0 0 29 2 *";

  private DueDatabase db;

  @BeforeEach
  void open() {
    db = DueDatabase.open();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void start() {
    await(
        db.vertx()
            .deployVerticle(
                new Timers(
                    db.database(),
                    KEEP_ALL,
                    new Lapses(
                        db.database(),
                        new Runs(Limits.DEFAULT),
                        Bounds.DEFAULT,
                        InstantSource.system()),
                    InstantSource.system(),
                    PROMPT)));
  }

  /** A schedule that was served until a time, in SQL. */
  private void schedule(String id, String cron, String servedUntil) {
    db.execute(
        """
        insert into schedule (environment_id, id, task, cron, timezone, deduplication_key, external_id,
          served_until) values ('env', 'sched_%1$s', 'report', '%2$s', 'UTC', '%1$s', 'user/%1$s', %3$s)"""
            .formatted(id, cron, servedUntil));
  }

  private String firings(String id) {
    return db.text("select count(*) from scheduled_run where schedule_id = 'sched_" + id + "'");
  }

  private void untilPlanned(String id) {
    until(
        "the next time of " + id + " is set",
        () ->
            !db.texts("select 1 from due where at > now() and ref = 'sched_" + id + "'").isEmpty());
  }

  @Test
  void aTimeThatHasComeTriggersARunOfTheTask() {
    schedule("a", "0 0 1 * *", "now() - interval '40 days'");

    start();

    untilPlanned("a");
    assertThat(db.text("select status || ' ' || task_identifier || ' ' || queue from run"))
        .isEqualTo("PENDING report task/report");
    assertThat(db.text("select id from run"))
        .isEqualTo(db.text("select run_id from scheduled_run"));
    assertThat(
            db.text(
                "select ttl.at = next.at from due ttl, due next where ttl.kind = 'TTL' and next.kind = 'SCHEDULE'"))
        .as("expires when the next time comes")
        .isEqualTo("t");
    JsonObject payload = new JsonObject(db.text("select payload from run")).getJsonObject("json");
    Instant firstOfMonth =
        Instant.parse(
            db.text("select to_char(date_trunc('month', now()), 'YYYY-MM-DD\"T\"HH24:MI:SSZ')"));
    assertThat(Instant.parse(payload.getString("timestamp"))).isEqualTo(firstOfMonth);
    assertThat(payload.getString("type")).isEqualTo("IMPERATIVE");
    assertThat(payload.getString("scheduleId")).isEqualTo("sched_a");
    assertThat(payload.getString("externalId")).isEqualTo("user/a");
    assertThat(payload.containsKey("lastTimestamp")).isFalse();
    assertThat(payload.getJsonArray("upcoming")).hasSize(10);
    assertThat(Instant.parse(payload.getJsonArray("upcoming").getString(0)))
        .isEqualTo(Instant.parse(db.text(AT)));
  }

  private static final String AT =
      "select to_char(at, 'YYYY-MM-DD\"T\"HH24:MI:SSZ') from due where kind = 'SCHEDULE'";

  @Test
  void afterAWeekThatNobodyServedThereIsOneRunAndItKnowsOfTheOneBefore() {
    schedule("a", "*/5 * * * *", "now() - interval '7 days'");
    db.execute("update schedule set last_at = '2024-01-01T00:00:00Z'");

    start();

    until("it has fired", () -> !firings("a").equals("0"));
    JsonObject payload = new JsonObject(db.text("select payload from run")).getJsonObject("json");
    assertThat(payload.getString("lastTimestamp")).isEqualTo("2024-01-01T00:00:00.000Z");
    Instant at = Instant.parse(payload.getString("timestamp"));
    assertThat(at.plus(7, ChronoUnit.MINUTES)).isAfter(Instant.now());
    assertThat(firings("a")).isEqualTo("1");
  }

  @Test
  void howeverManyNodesLookATimeHasOneRun() {
    for (int i = 0; i < 60; i++) {
      schedule("s" + i, "0 0 1 * *", "now() - interval '40 days'");
    }

    start();
    start();
    start();

    until(
        "all are planned",
        () ->
            db.text("select count(*) from due where kind = 'SCHEDULE' and at > now()")
                .equals("60"));
    assertThat(db.text("select count(*) from run")).isEqualTo("60");
    assertThat(db.text("select count(distinct schedule_id) from scheduled_run")).isEqualTo("60");
  }

  @Test
  void oneThatHasJustBeenMadeWaitsForItsTime() {
    schedule("a", FAR, "clock_timestamp()");

    start();

    untilPlanned("a");
    assertThat(db.text("select count(*) from run")).isEqualTo("0");
  }

  @Test
  void aChangeSetsTheTimeAnewAndMakesUpForNothing() {
    schedule("a", FAR, "clock_timestamp()");
    start();
    untilPlanned("a");

    db.execute("update schedule set cron = '0 0 1 1 *', served_until = '2020-01-01'");

    until(
        "the time is that of the new expression",
        () ->
            db.text(
                    "select to_char(at at time zone 'UTC', 'MM-DD') from due where kind = 'SCHEDULE'")
                .equals("01-01"));
    assertThat(db.text("select count(*) from run")).isEqualTo("0");
  }

  @Test
  void whatIsNotInForceTriggersNothingAndWhatIsRemovedLeavesNothing() {
    schedule("off", "* * * * *", "now() - interval '1 h'");
    db.execute("update schedule set active = false");
    schedule("gone", "* * * * *", "now() - interval '1 h'");
    db.execute("delete from schedule where id = 'sched_gone'");
    schedule("mark", FAR, "clock_timestamp()");

    start();

    untilPlanned("mark");
    assertThat(db.text("select count(*) from run")).isEqualTo("0");
    assertThat(db.texts("select ref from due where kind = 'SCHEDULE'"))
        .containsExactly("sched_mark");
  }

  @Test
  void whatCannotBeReadIsLetAloneAndHoldsUpNobody() {
    schedule("bad", "at noon", "now() - interval '1 h'");
    schedule("zone", "* * * * *", "now() - interval '1 h'");
    db.execute("update schedule set timezone = 'Middle/Earth' where id = 'sched_zone'");
    schedule("good", "0 0 1 * *", "now() - interval '40 days'");

    start();

    untilPlanned("good");
    assertThat(db.text("select count(*) from run")).isEqualTo("1");
    assertThat(db.texts("select ref from due where kind = 'SCHEDULE'"))
        .containsExactly("sched_good");
  }

  @Test
  void aPurgedRunTakesItsFiringAlong() {
    schedule("a", "0 0 1 * *", "now() - interval '40 days'");
    start();
    untilPlanned("a");
    db.execute("update run set status = 'DELETED'");
    db.execute("update tombstone set deleted_at = now() - interval '30 days'");
    db.execute("update due set at = now() where kind = 'SWEEP'");

    until("the run is gone", () -> db.text("select count(*) from run").equals("0"));

    assertThat(firings("a")).isEqualTo("0");
  }
}
