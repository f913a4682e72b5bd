package dev.runcast.engine.execution;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.Limits;
import dev.runcast.engine.Runs;
import dev.runcast.testing.DueDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of runs of which nothing is heard. */
class LapsesIT {
  private static final Bounds BOUNDS = Bounds.DEFAULT;

  private DueDatabase db;

  @BeforeEach
  void open() {
    db = DueDatabase.open();
  }

  @AfterEach
  void close() {
    db.close();
  }

  /** A run that a worker has, of which nothing has been heard for so long. */
  private void held(String run, String status, String standing, Duration silence) {
    db.run(run, status, "", "");
    String since = "now() - interval '" + silence.toSeconds() + " s'";
    db.execute("delete from execution where run_id = '" + run + "'");
    db.execute(
        """
        insert into execution (environment_id, run_id, task, queue, rank, status, description,
          changed_at, heartbeat_at, attempt) values ('env', '%s', 't', 'task/t', now(), '%s', '',
          %s, %s, 1)"""
            .formatted(run, standing, since, since));
    db.due("EXECUTION", run, "now()");
  }

  private void look() {
    Lapses lapses = new Lapses(db.database(), new Runs(Limits.DEFAULT), BOUNDS, Instant::now);
    while (await(lapses.next())) {
      // Until nothing is due.
    }
  }

  private String standing(String run) {
    return db.text("select status from execution where run_id = '" + run + "'");
  }

  private String due(String run) {
    return db.text("select count(*) from due where ref = '" + run + "'");
  }

  @Test
  void whatWasNotBegunGoesBackToTheQueue() {
    held("late", "DEQUEUED", "PENDING_EXECUTING", BOUNDS.beginWithin().plusSeconds(1));
    held("early", "DEQUEUED", "PENDING_EXECUTING", Duration.ofSeconds(1));

    look();

    assertThat(db.statusOf("late")).isEqualTo("PENDING");
    assertThat(standing("late")).isEqualTo("QUEUED");
    assertThat(due("late")).isEqualTo("0");
    assertThat(db.statusOf("early")).isEqualTo("DEQUEUED");
    assertThat(due("early")).as("looked at again in time").isEqualTo("1");
  }

  @Test
  void whatIsNeverBegunFailsAtLast() {
    held("late", "DEQUEUED", "PENDING_EXECUTING", BOUNDS.beginWithin().plusSeconds(1));
    db.execute("update execution set returns = 5");

    look();

    assertThat(db.statusOf("late")).isEqualTo("SYSTEM_FAILURE");
    assertThat(db.text("select error from run")).contains("TASK_RUN_DEQUEUED_MAX_RETRIES");
    assertThat(standing("late")).isEqualTo("FINISHED");
  }

  @Test
  void whatIsNotHeardOfFails() {
    Duration silence = BOUNDS.heardWithin().plusSeconds(1);
    held("gone", "EXECUTING", "EXECUTING", silence);
    held("waiting", "WAITING_TO_RESUME", "EXECUTING_WITH_WAITPOINTS", silence);
    held("alive", "EXECUTING", "EXECUTING", Duration.ofSeconds(30));

    look();

    assertThat(db.statusOf("gone")).isEqualTo("SYSTEM_FAILURE");
    assertThat(db.statusOf("waiting")).isEqualTo("SYSTEM_FAILURE");
    assertThat(db.statusOf("alive")).isEqualTo("EXECUTING");
    assertThat(due("alive")).isEqualTo("1");
  }

  @Test
  void whatCantBeDoneOfOneRunHoldsUpNoOther() {
    Duration silence = BOUNDS.heardWithin().plusSeconds(1);
    held("odd", "EXECUTING", "EXECUTING", silence);
    held("gone", "EXECUTING", "EXECUTING", silence);
    db.execute("update due set at = now() - interval '1 h' where ref = 'odd'");
    db.execute(
        "alter table run add constraint odd check (id <> 'odd' or status = 'EXECUTING') not valid");

    look();

    assertThat(db.statusOf("gone")).isEqualTo("SYSTEM_FAILURE");
    assertThat(db.statusOf("odd")).isEqualTo("EXECUTING");
    assertThat(db.text("select at > now() from due where ref = 'odd'")).isEqualTo("t");
    db.execute("alter table run drop constraint odd; update due set at = now()");
    look();
    assertThat(db.statusOf("odd")).isEqualTo("SYSTEM_FAILURE");
  }

  @Test
  void whatIsToBeTriedAgainIsQueued() {
    held("again", "RETRYING_AFTER_FAILURE", "DELAYED", Duration.ZERO);

    look();

    assertThat(db.statusOf("again")).isEqualTo("PENDING");
    assertThat(standing("again")).isEqualTo("QUEUED");
    assertThat(db.text("select attempt from execution")).isEqualTo("1");
  }

  @Test
  void aWorkerThatDoesNotLetGoIsTakenForGone() {
    held("ended", "CANCELED", "PENDING_CANCEL", BOUNDS.cancelWithin().plusSeconds(1));

    look();

    assertThat(standing("ended")).isEqualTo("FINISHED");
    assertThat(db.statusOf("ended")).isEqualTo("CANCELED");
  }
}
