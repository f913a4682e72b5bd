package dev.runcast.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import dev.runcast.wal.WalState.Phase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tail does about everything that goes wrong around it. */
class TailFailureIT {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");

  private final TestDatabase database = TestPostgres.database();
  private final ReplicationSettings settings = TailProbe.settings(database);

  @BeforeEach
  void prepare() {
    database.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env_a', 'p', 'a')""");
  }

  @AfterEach
  void dropSlot() {
    database.dropSlots();
  }

  @Test
  void takesTheSlotAgainWhenItsConnectionBreaks() {
    try (TailProbe tail = TailProbe.startLeading(settings)) {
      ChangeBatch before = newest(tail);

      database.execute(
          "select pg_terminate_backend(active_pid) from pg_replication_slots " + ours());
      insert("run_1");
      tail.awaitChange(change -> change.run().id().value().equals("run_1"));

      assertThat(newest(tail).incarnation()).isEqualTo(before.incarnation());
      assertThat(newest(tail).session()).isGreaterThan(before.session());
      assertThat(firstOf(tail, newest(tail).session()).prev())
          .isLessThanOrEqualTo(lastOf(tail, before.session()).last());
    }
  }

  @Test
  void beginsANewIncarnationWhenItsSlotIsDropped() {
    try (TailProbe tail = TailProbe.startLeading(settings)) {
      ChangeBatch before = newest(tail);

      tail.await(this::dropsSlotInUse, "the drop of the slot");
      tail.await(
          () -> newest(tail).incarnation().isAfter(before.incarnation()), "a new incarnation");
      insert("run_1");

      tail.awaitChange(change -> change.run().id().value().equals("run_1"));
      assertThat(newest(tail).session()).isGreaterThan(before.session());
    }
  }

  /** Between the end of its connection and its next attempt; until that succeeds. */
  private boolean dropsSlotInUse() {
    try {
      database.execute(
          "select pg_terminate_backend(active_pid) from pg_replication_slots " + ours());
      database.execute("select pg_drop_replication_slot('" + settings.slotName() + "')");
      return true;
    } catch (IllegalStateException stillActive) {
      return false;
    }
  }

  private String ours() {
    return "where slot_name = '" + settings.slotName() + "'";
  }

  @Test
  void beginsANewIncarnationWhenTheServerIsAnother() {
    Incarnation before;
    try (TailProbe tail = TailProbe.startLeading(settings)) {
      insert("run_1");
      tail.awaitChange(change -> change.run().id().value().equals("run_1"));
      before = newest(tail).incarnation();
    }
    database.execute("update incarnation set timeline = timeline + 1");

    try (TailProbe tail = TailProbe.startLeading(settings)) {
      assertThat(newest(tail).incarnation().isAfter(before)).isTrue();
      assertThat(tail.changes()).isEmpty();
    }
  }

  @Test
  void aStandbyTakesOverWhenTheLeaderStops() {
    TailProbe leader = TailProbe.startLeading(settings);
    try (TailProbe standby = TailProbe.start(settings)) {
      standby.awaitPhase(Phase.STANDBY);
      insert("run_1");
      leader.awaitChange(change -> change.run().id().value().equals("run_1"));
      assertThat(standby.batches()).isEmpty();

      leader.close();
      insert("run_2");
      standby.awaitChange(change -> change.run().id().value().equals("run_2"));

      assertThat(standby.reader.state().phase()).isEqualTo(Phase.LEADER);
      assertThat(standby.changes()).hasSize(1);
      assertThat(newest(standby).incarnation()).isEqualTo(newest(leader).incarnation());
      assertThat(newest(standby).session()).isGreaterThan(newest(leader).session());
      assertThat(standby.batches().get(0).prev())
          .isGreaterThanOrEqualTo(leader.entries(Committed.class).get(0).lsn());
    }
  }

  @Test
  void acknowledgesOnAStopWhatItHasTold() throws SQLException {
    TailProbe tail = TailProbe.startLeading(settings);
    insert("run_1");
    Lsn told = tail.awaitChange(change -> change.run().version() == 1).position().lsn();

    tail.close();

    assertThat(confirmed()).isGreaterThanOrEqualTo(told);
  }

  @Test
  void tellsAgainWhatItsConsumerThrewAt() {
    AtomicInteger failures = new AtomicInteger();
    try (TailProbe tail =
        TailProbe.start(
            settings,
            batch -> {
              if (batch.entries().stream().anyMatch(Committed.class::isInstance)
                  && failures.incrementAndGet() <= 2) {
                throw new IllegalStateException("not yet");
              }
            })) {
      tail.awaitHorizon();
      insert("run_1");

      tail.awaitChange(change -> change.run().id().value().equals("run_1"));

      assertThat(tail.changes()).hasSize(1);
      assertThat(failures).hasValue(3);
    }
  }

  @Test
  void acknowledgesNothingOfWhatItsConsumerThrewAt() throws SQLException {
    AtomicInteger failures = new AtomicInteger();
    Lsn[] refused = new Lsn[1];
    try (TailProbe tail =
        TailProbe.start(
            settings,
            batch -> {
              for (ChangeBatch.Entry entry : batch.entries()) {
                if (entry instanceof Committed) {
                  refused[0] = entry.lsn();
                  failures.incrementAndGet();
                  throw new IllegalStateException("never");
                }
              }
            })) {
      tail.awaitHorizon();
      insert("run_1");

      tail.await(() -> failures.get() >= 5, "five refusals");

      assertThat(confirmed()).isLessThan(refused[0]);
    }
    assertThat(confirmed()).as("nor when it is stopped").isLessThan(refused[0]);
    try (TailProbe tail = TailProbe.start(settings)) {
      tail.awaitChange(change -> change.run().id().value().equals("run_1"));
    }
  }

  @Test
  void staysConnectedThoughItsConsumerTakesItsTime() {
    ReplicationSettings.Pace pace =
        new ReplicationSettings.Pace(
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            Duration.ofSeconds(3),
            Duration.ofMillis(200));
    AtomicInteger slow = new AtomicInteger(8);
    try (TailProbe tail =
        TailProbe.start(
            settings.withPace(pace),
            batch -> {
              if (slow.getAndDecrement() > 0) {
                LockSupport.parkNanos(Duration.ofMillis(700).toNanos());
              }
            })) {
      tail.await(() -> slow.get() <= 0, "eight slow batches");
      insert("run_1");
      tail.awaitChange(change -> change.run().id().value().equals("run_1"));

      assertThat(tail.batches()).extracting(ChangeBatch::session).containsOnly(1L);
    }
  }

  @Test
  void tellsATransactionOverTheCapByItsFilterKeys() {
    try (TailProbe tail = TailProbe.startLeading(capped(20_000, 10_000))) {
      database.execute(
          """
          insert into run (environment_id, id, task_identifier, tags)
            select 'env_a', 'run_' || i, 't', array['tag_' || i] from generate_series(1, 500) i""");
      tail.await(() -> !tail.entries(Oversized.class).isEmpty(), "an oversized transaction");
      insert("after");
      tail.awaitChange(change -> change.run().id().value().equals("after"));

      Oversized told = tail.entries(Oversized.class).get(0);
      assertThat(tail.entries(Committed.class)).hasSize(1);
      assertThat(told.keys()).hasSize(1_001);
      assertThat(told.concerns(new Filter.ByRun(ENV, new RunId("run_500"), Narrowing.NONE)))
          .isTrue();
      assertThat(told.concerns(new Filter.ByRun(ENV, new RunId("run_501"), Narrowing.NONE)))
          .isFalse();
      assertThat(told.xid()).isLessThan(tail.changes().get(0).xid());
    }
  }

  @Test
  void tellsAnEvenLargerOneByItsEnvironments() {
    try (TailProbe tail = TailProbe.startLeading(capped(20_000, 100))) {
      database.execute(
          """
          insert into run (environment_id, id, task_identifier)
            select 'env_a', 'run_' || i, 't' from generate_series(1, 500) i""");
      tail.await(() -> !tail.entries(Oversized.class).isEmpty(), "an oversized transaction");

      Oversized told = tail.entries(Oversized.class).get(0);
      assertThat(told.keys()).isNull();
      assertThat(told.environments()).containsExactly(ENV);
    }
  }

  private ReplicationSettings capped(long bytes, int keys) {
    return settings.withLimits(new ReplicationSettings.Limits(bytes, keys, 1_000, 1 << 19));
  }

  @Test
  void losesNothingToARowThatItCannotRead() {
    try (TailProbe tail = TailProbe.startLeading(settings)) {
      database.execute("alter table run drop constraint run_status_check");
      database.execute(
          """
          insert into run (environment_id, id, task_identifier, status)
            values ('env_a', 'future', 't', 'OF_A_LATER_VERSION')""");
      tail.await(() -> !tail.entries(Oversized.class).isEmpty(), "an oversized transaction");
      insert("after");
      tail.awaitChange(change -> change.run().id().value().equals("after"));

      Oversized told = tail.entries(Oversized.class).get(0);
      assertThat(told.concerns(new Filter.ByRun(ENV, new RunId("future"), Narrowing.NONE)))
          .isTrue();
      assertThat(told.concerns(new Filter.ByRun(ENV, new RunId("after"), Narrowing.NONE)))
          .isFalse();
    }
  }

  @Test
  void goesOnWhenTheTableGetsAColumnThatItDoesNotKnow() {
    try (TailProbe tail = TailProbe.startLeading(settings)) {
      insert("run_1");
      database.execute("alter table run add column novel text default 'x'");
      database.execute("alter table run drop column expired_at");
      insert("run_2");

      tail.awaitChange(change -> change.run().id().value().equals("run_2"));

      assertThat(tail.entries(Committed.class)).hasSize(2);
    }
  }

  @Test
  void saysThatItsSlotBelongsToAnotherDatabase() {
    TestDatabase other = TestPostgres.database();
    other.execute(
        "select pg_create_logical_replication_slot('" + settings.slotName() + "', 'pgoutput')");
    try (TailProbe tail = TailProbe.start(settings)) {
      tail.awaitPhase(Phase.WAITING_FOR_SLOT);

      assertThat(tail.reader.state().reason())
          .contains(settings.slotName())
          .contains("another database")
          .contains("choose another slot name");
      other.execute("select pg_drop_replication_slot('" + settings.slotName() + "')");
      tail.awaitPhase(Phase.LEADER);
    }
  }

  @Test
  void waitsForPostgresAndSaysWhatItHears() {
    TestDatabase missing = new TestDatabase(database.port(), "no_such_database");
    try (TailProbe tail = TailProbe.start(TailProbe.settings(missing))) {
      tail.await(() -> tail.reader.state().reason() != null, "a reason");

      assertThat(tail.reader.state().phase()).isEqualTo(Phase.CONNECTING);
      assertThat(tail.reader.state().reason()).contains("no_such_database");
    }
  }

  /** What Postgres was told last to be done with. */
  private Lsn confirmed() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select confirmed_flush_lsn::text from pg_replication_slots " + ours())) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  private void insert(String id) {
    database.execute(
        "insert into run (environment_id, id, task_identifier) values ('env_a', '%s', 't')"
            .formatted(id));
  }

  private static ChangeBatch newest(TailProbe tail) {
    return tail.batches().get(tail.batches().size() - 1);
  }

  private static ChangeBatch lastOf(TailProbe tail, long session) {
    return tail.batches().stream()
        .filter(b -> b.session() == session)
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private static ChangeBatch firstOf(TailProbe tail, long session) {
    return tail.batches().stream().filter(b -> b.session() == session).findFirst().orElseThrow();
  }
}
