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
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimersIT {
  private static final Duration LONG = Duration.ofDays(1);
  private static final Settings.Retention KEEP_ALL =
      new Settings.Retention(LONG, LONG, LONG, LONG, LONG, LONG);
  private static final Pace PROMPT =
      new Pace(Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofMillis(100));

  /** Whatever is done with this one was not found by looking now and then. */
  private static final Pace NO_POLL = new Pace(LONG, Duration.ofMillis(20), Duration.ofMillis(100));

  private DueDatabase db;

  @BeforeEach
  void open() {
    db = DueDatabase.open();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private Timers start(Pace pace) {
    Timers timers =
        new Timers(
            db.database(),
            KEEP_ALL,
            new Lapses(
                db.database(), new Runs(Limits.DEFAULT), Bounds.DEFAULT, InstantSource.system()),
            InstantSource.system(),
            pace);
    await(db.vertx().deployVerticle(timers));
    return timers;
  }

  @Test
  void aDelayThatEndedWhileNobodyRanPutsTheRunIntoTheQueue() {
    db.run("r", "DELAYED", "delay_until", "now() - interval '1 h'");
    db.due("DELAY", "r", "now() - interval '1 h'");

    start(PROMPT);

    until("the run is queued", () -> db.statusOf("r").equals("PENDING"));
    assertThat(db.text("select version from run where queued_at >= created_at")).isEqualTo("2");
    assertThat(db.texts("select ref from due where kind <> 'SWEEP'")).isEmpty();
  }

  @Test
  void anUntouchedRunExpiresWithTimesAndReasonInOneChange() {
    db.run("r", "PENDING", "ttl, queued_at", "'10m', now()");
    db.due("TTL", "r", "now() - interval '1 s'");

    start(PROMPT);

    until("the run has expired", () -> db.statusOf("r").equals("EXPIRED"));
    assertThat(db.text("select version from run")).isEqualTo("2");
    assertThat(db.text("select expired_at >= queued_at and completed_at >= queued_at from run"))
        .isEqualTo("t");
    assertThat(db.text("select error::jsonb ->> 'type' from run")).isEqualTo("STRING_ERROR");
    assertThat(db.text("select error::jsonb ->> 'raw' from run"))
        .isEqualTo("The run was not started within its time to live of 10m.");
  }

  @Test
  void aRunThatIsStillDelayedExpiresToo() {
    db.run("r", "DELAYED", "delay_until", "now() + interval '1 h'");
    db.due("DELAY", "r", "now() + interval '1 h'");
    db.due("TTL", "r", "now()");

    start(PROMPT);

    until("the run has expired", () -> db.statusOf("r").equals("EXPIRED"));
  }

  @Test
  void whoHasStartedDoesNotExpire() {
    db.run("executing", "EXECUTING", "started_at", "now()");
    db.run("again", "PENDING", "started_at", "now()");
    db.run("finished", "COMPLETED_SUCCESSFULLY", "", "");
    db.due("TTL", "executing", "now()");
    db.due("TTL", "again", "now()");
    db.due("TTL", "finished", "now()");

    start(PROMPT);

    until(
        "the times have passed",
        () -> db.text("select count(*) from due where kind = 'TTL'").equals("0"));
    assertThat(db.texts("select distinct version from run")).containsExactly("1");
  }

  @Test
  void aRunWhoseTimePassedWhileSomebodyHadItExpiresWhenItComesBackUnbegun() {
    db.run("r", "DEQUEUED", "ttl, created_at", "'1m', now() - interval '1 h'");
    db.run("begun", "DEQUEUED", "ttl, created_at", "'1m', now() - interval '1 h'");
    db.due("TTL", "r", "now() - interval '59 m'");
    db.due("TTL", "begun", "now() - interval '59 m'");
    start(PROMPT);
    until(
        "the times have passed",
        () -> db.text("select count(*) from due where kind = 'TTL'").equals("0"));
    assertThat(db.statusOf("r")).isEqualTo("DEQUEUED");

    db.execute("update run set started_at = now(), status = 'EXECUTING' where id = 'begun'");
    db.execute("update run set status = 'PENDING'");

    until("the run has expired", () -> db.statusOf("r").equals("EXPIRED"));
    assertThat(db.statusOf("begun")).isEqualTo("PENDING");
  }

  @Test
  void aWaitpointThatNobodyCompletedEndsWithAnErrorThatSaysSo() {
    db.execute(
        """
        insert into waitpoint (environment_id, id, callback, status, completed_at, output) values
          ('env', 'late', 'c1', 'WAITING', null, null),
          ('env', 'done', 'c2', 'COMPLETED', now(), '1'),
          ('env', 'early', 'c3', 'WAITING', null, null)""");
    db.due("WAITPOINT", "late", "now() - interval '1 s'");
    db.due("WAITPOINT", "done", "now() - interval '1 s'");
    db.due("WAITPOINT", "early", "now() + interval '1 h'");

    start(PROMPT);

    until(
        "the times have passed",
        () -> db.texts("select ref from due where kind = 'WAITPOINT'").equals(List.of("early")));
    assertThat(db.texts("select id || ' ' || status from waitpoint order by id"))
        .containsExactly("done COMPLETED", "early WAITING", "late TIMED_OUT");
    assertThat(db.text("select output from waitpoint where id = 'done'")).isEqualTo("1");
    assertThat(
            db.text(
                """
                select output_is_error and completed_at >= created_at
                  and output_type = 'application/json' and output::jsonb ->> 'message' <> ''
                from waitpoint where id = 'late'"""))
        .isEqualTo("t");
  }

  @Test
  void severalNodesDoNothingTwice() {
    int runs = 1_500;
    db.execute(
        """
        insert into run (environment_id, id, task_identifier, status)
          select 'env', 'r' || n, 't', 'DELAYED' from generate_series(1, %1$d) n;
        insert into due select 'DELAY', 'env', 'r' || n, now() from generate_series(1, %1$d) n"""
            .formatted(runs));

    start(PROMPT);
    start(PROMPT);
    start(PROMPT);

    until(
        "all are queued",
        () ->
            db.text("select count(*) from run where status = 'PENDING'")
                .equals(Integer.toString(runs)));
    assertThat(db.texts("select distinct version from run")).containsExactly("2");
    assertThat(db.texts("select ref from due where kind <> 'SWEEP'")).isEmpty();
  }

  @Test
  void theAlarmMovesUpForWhatThisNodeHasWritten() {
    Timers timers = start(NO_POLL);
    db.run("later", "DELAYED", "", "");
    db.run("sooner", "DELAYED", "", "");
    Instant later = Instant.now().plusSeconds(3_600);
    Instant sooner = Instant.now().plusMillis(100);
    db.due("DELAY", "later", "'" + later + "'");
    timers.dueAt(later);

    db.due("DELAY", "sooner", "'" + sooner + "'");
    timers.dueAt(sooner);

    until("the sooner one is queued", () -> db.statusOf("sooner").equals("PENDING"));
    assertThat(db.statusOf("later")).isEqualTo("DELAYED");
  }

  @Test
  void theAlarmIsArmedForWhatItFoundInTheTable() {
    db.run("r", "DELAYED", "", "");
    db.due("DELAY", "r", "clock_timestamp() + interval '300 ms'");

    start(NO_POLL);

    until("the run is queued", () -> db.statusOf("r").equals("PENDING"));
  }

  @Test
  void aRunInOtherHandsHoldsNobodyUp() throws Exception {
    db.run("held", "DELAYED", "", "");
    db.run("free", "DELAYED", "", "");
    db.due("DELAY", "held", "now() - interval '1 min'");
    db.due("DELAY", "free", "now()");

    try (Connection connection = db.postgres().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select from run where id = 'held' for update");
      start(PROMPT);
      until("the free one is queued", () -> db.statusOf("free").equals("PENDING"));
      assertThat(db.statusOf("held")).isEqualTo("DELAYED");
      connection.rollback();
    }

    until("the other is queued too", () -> db.statusOf("held").equals("PENDING"));
  }

  @Test
  void theyOutliveATroubledDatabase() {
    db.run("r", "DELAYED", "", "");
    db.due("DELAY", "r", "now() + interval '10 ms'");
    String failing =
        """
        create function refuse() returns trigger language plpgsql as $$
          begin perform nextval('attempts'); raise 'no'; end $$;
        create sequence attempts;
        create trigger refuse before delete or update on due
          for each row execute function refuse()""";
    db.execute(failing);

    start(PROMPT);
    until("it has failed", () -> db.text("select last_value > 2 from attempts").equals("t"));
    assertThat(db.statusOf("r")).isEqualTo("DELAYED");
    db.execute("drop trigger refuse on due");

    until("the run is queued", () -> db.statusOf("r").equals("PENDING"));
  }
}
