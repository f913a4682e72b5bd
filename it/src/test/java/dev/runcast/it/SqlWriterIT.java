package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import org.junit.jupiter.api.Test;

/** Whoever writes to the table, subscribers hear of it, and can't be told nonsense. */
class SqlWriterIT {
  private final RunWriter sql = Shared.sql();
  private final String tag = name("typed");

  @Test
  void anUpdateTypedIntoPsqlReachesSubscribers() {
    String first = sql.insert(run().tagged(tag));
    String second = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      sql.database()
          .script(
              """
              update run set status = 'EXECUTING' where id = '%s';
              update run set status = 'COMPLETED_SUCCESSFULLY', output = '"done"' where id = '%s';
              """
                  .formatted(first, second));

      probe.awaitStatus(first, "EXECUTING").awaitStatus(second, "COMPLETED");
      assertThat(probe.column(second, "finishedAt").asText())
          .as("set by the table itself")
          .endsWith("Z");
      assertThat(probe.table()).isEqualTo(sql.rows("tags @> array[?::text]", tag));
    }
  }

  @Test
  void soDoesOneThatTriesToHideFromTriggers() {
    String id = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      sql.database()
          .script(
              "set session_replication_role = replica; update run set status = 'EXECUTING',"
                  + " version = 1, changed_xid = '3' where id = '%s'".formatted(id));

      probe.awaitStatus(id, "EXECUTING");
      assertThat(probe.version(id)).isEqualTo(2);
    }
  }

  @Test
  void aCopyInReachesSubscribersToo() {
    try (SseProbe probe = follow().awaitLive()) {
      sql.database()
          .script(
              """
              insert into run (environment_id, id, task_identifier, tags)
              select '%s', '%s_' || n, 'it-task', array['%s'] from generate_series(1, 50) n
              """
                  .formatted(sql.environment(), name("run"), tag));

      probe.await("all rows", known -> known.rows().size() == 50);
      assertThat(probe.table()).isEqualTo(sql.rows("tags @> array[?::text]", tag));
    }
  }

  @Test
  void whatWouldMisleadSubscribersIsRefusedByTheTable() {
    String id = sql.insert(run().tagged(tag));

    assertThatThrownBy(() -> sql.update(id, "tags = '{}'")).hasMessageContaining("only ever added");
    assertThatThrownBy(() -> sql.update(id, "batch_id = 'other'"))
        .hasMessageContaining("never change");
    assertThatThrownBy(() -> sql.transact(t -> t.execute("delete from run where id = ?", id)))
        .hasMessageContaining("DELETED");
    assertThatThrownBy(() -> sql.transact(t -> t.execute("truncate run")))
        .hasMessageContaining("DELETED");
  }

  private SseProbe follow() {
    return Shared.node().follow("/realtime/v1/runs?tags=" + tag);
  }
}
