package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import org.junit.jupiter.api.Test;

/** Feeds narrowed to some statuses, which runs leave and enter again, and to some tasks. */
class NarrowedSubscriptionIT {
  private final RunWriter sql = Shared.sql();
  private final String tag = name("narrowed:");

  @Test
  void letsARunLeaveAndComeBackWhole() {
    String id = sql.insert(run().tagged(tag).carrying(NewRun.wideJson(20_000)));
    String other = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow("&status=QUEUED,WAITING")) {
      assertThat(probe.runs()).containsExactlyInAnyOrder(id, other);

      sql.update(id, "status = 'EXECUTING'");
      probe.await("the run to leave", known -> known.get(id) == null);
      sql.update(id, "status = 'WAITING_TO_RESUME'");
      probe.awaitStatus(id, "WAITING");

      assertThat(probe.table()).isEqualTo(sql.rows("id in (?, ?)", id, other)).hasSize(2);
    }
  }

  @Test
  void tellsWhoComesBackWhatLeftMeanwhile() {
    String id = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow("&status=QUEUED")) {
      probe.cut();
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY'");

      probe.connect().await("the run to leave", known -> known.get(id) == null);
    }
  }

  @Test
  void tellsOnlyOfTheTasksAskedFor() {
    String mine = sql.insert(run().tagged(tag));
    insert("theirs");
    try (SseProbe probe = follow("&taskIdentifier=it-task,none")) {
      insert("theirs");
      String later = sql.insert(run().tagged(tag));
      sql.update(later, "status = 'EXECUTING'");
      probe.awaitStatus(later, "EXECUTING");

      assertThat(probe.runs()).containsExactlyInAnyOrder(mine, later);
    }
  }

  private void insert(String task) {
    sql.transact(
        transaction ->
            transaction.execute(
                "insert into run (environment_id, id, task_identifier, tags) values (?, ?, ?, ?)",
                sql.environment(),
                name("run"),
                task,
                transaction.connection().createArrayOf("text", new String[] {tag})));
  }

  private SseProbe follow(String narrowing) {
    String path = "/realtime/v1/runs?tags=" + SseProbe.encode(tag) + narrowing;
    return Shared.node().follow(path).awaitLive();
  }
}
