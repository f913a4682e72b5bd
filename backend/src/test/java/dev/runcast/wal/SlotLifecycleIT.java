package dev.runcast.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Horizon;
import dev.runcast.run.place.Incarnation;
import dev.runcast.wal.WalState.Phase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of the tail when Postgres restarts, crashes, or gives up its slot. */
class SlotLifecycleIT {
  private static OwnPostgres postgres;
  private static ReplicationSettings settings;

  @BeforeAll
  static void start() {
    postgres =
        OwnPostgres.start(
            Map.of(
                "max_slot_wal_keep_size", "16MB", "min_wal_size", "32MB", "max_wal_size", "64MB"));
    settings = TailProbe.settings(postgres.database);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void goesOnAfterARestart() throws IOException {
    try (TailProbe tail = TailProbe.startLeading(settings)) {
      insert("before_restart");
      tail.awaitChange(change -> change.run().id().value().equals("before_restart"));
      ChangeBatch before = newest(tail);

      postgres.restart();
      insert("after_restart");

      tail.awaitChange(change -> change.run().id().value().equals("after_restart"));
      assertThat(newest(tail).incarnation()).isEqualTo(before.incarnation());
      assertThat(newest(tail).session()).isGreaterThan(before.session());
    }
  }

  @Test
  void goesOnAfterACrashAndNoXidBelowAHorizonIsGivenOutAgain() {
    try (TailProbe tail = TailProbe.startLeading(settings)) {
      Incarnation incarnation = newest(tail).incarnation();
      tail.awaitHorizon();

      postgres.crash();
      tail.await(() -> nextXid() > 0, "Postgres again");
      long session = newest(tail).session();
      long told = tail.entries(Horizon.class).stream().mapToLong(Horizon::next).max().orElseThrow();
      assertThat(nextXid()).isGreaterThanOrEqualTo(told);

      insert("after_crash");
      tail.awaitChange(change -> change.run().id().value().equals("after_crash"));
      assertThat(newest(tail).incarnation()).isEqualTo(incarnation);
      assertThat(newest(tail).session()).isGreaterThanOrEqualTo(session);
    }
  }

  private static long nextXid() {
    try (Connection connection = postgres.database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_current_xact_id()::text::bigint")) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      return 0; // still recovering
    }
  }

  @Test
  void beginsANewIncarnationWhenTheSlotIsInvalidatedWhileItRuns() throws InterruptedException {
    CountDownLatch invalidated = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    try (TailProbe tail =
        TailProbe.start(
            settings.withPace(TailProbe.PATIENT), batch -> hold(batch, held, invalidated))) {
      tail.awaitHorizon();
      Incarnation before = newest(tail).incarnation();
      insert("held");
      assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();

      for (int i = 0; i < 6; i++) {
        postgres.database.execute("select pg_logical_emit_message(true, 'fill', 'x')");
        postgres.database.execute("select pg_switch_wal()");
      }
      postgres.database.execute("checkpoint");
      tail.await(() -> isLost(), "the loss of the slot");
      invalidated.countDown();

      tail.await(() -> newest(tail).incarnation().isAfter(before), "a new incarnation");
      insert("after_loss");
      tail.awaitChange(change -> change.run().id().value().equals("after_loss"));
      assertThat(tail.reader.state().phase()).isEqualTo(Phase.LEADER);
    }
  }

  private static void hold(ChangeBatch batch, CountDownLatch held, CountDownLatch invalidated) {
    boolean isTheOne =
        batch.entries().stream()
            .anyMatch(
                entry ->
                    entry instanceof ChangeBatch.Committed committed
                        && committed.changes().get(0).run().id().value().equals("held"));
    if (isTheOne) {
      held.countDown();
      try {
        assertThat(invalidated.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static boolean isLost() {
    try (Connection connection = postgres.database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) from pg_replication_slots where wal_status = 'lost'")) {
      row.next();
      return row.getInt(1) == 1;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void insert(String id) {
    postgres.database.execute(
        "insert into run (environment_id, id, task_identifier) values ('env_a', '%s', 't')"
            .formatted(id));
  }

  private static ChangeBatch newest(TailProbe tail) {
    return tail.batches().get(tail.batches().size() - 1);
  }
}
