package dev.runcast.store.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What it takes to find the runs that come next, by how many wait. */
class DequeuePlanIT {
  private static final int FEW = 100;
  private static final int MANY = 20_000;

  @Test
  void whatWaitsBehindTheFirstIsNotLookedAt() throws SQLException {
    long few = rowsLookedAt(FEW, 10, LaneTable.FIRST_OF_KNOWN);
    long many = rowsLookedAt(MANY, 10, LaneTable.FIRST_OF_KNOWN);

    assertThat(many).isEqualTo(few).isLessThan(500);
  }

  @Test
  void norAreTheKeysWhoseTurnIsLater() throws SQLException {
    long few = rowsLookedAt(MANY, 20, LaneTable.FIRST_OF_KNOWN);
    long many = rowsLookedAt(MANY, MANY, LaneTable.FIRST_OF_KNOWN);
    long ofQueue = rowsLookedAt(MANY, MANY, LaneTable.FIRST_OF_QUEUE);

    assertThat(many).isLessThanOrEqualTo(few).isLessThan(500);
    assertThat(ofQueue).isLessThan(500);
  }

  /**
   * With as many runs of a task that no worker has, older than all others, and of a queue that
   * gives none.
   */
  private static long rowsLookedAt(int backlog, int keys, String look) throws SQLException {
    TestDatabase postgres = TestPostgres.database();
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'proj', 'P');
        insert into environment (id, project_id, slug) values ('env', 'p', 'dev');
        insert into enrolment (environment_id) values ('env');
        insert into worker (environment_id, id, number, version, content_hash)
          values ('env', 'worker_a', 1, '1', 'h');
        insert into task (environment_id, id, queue, worker_id)
          select 'env', id, 'task/' || id, 'worker_a' from unnest('{a,b,tight}'::text[]) id;
        insert into queue (environment_id, name, id, concurrency_limit)
          values ('env', 'task/tight', 'queue_a', 0);
        insert into run (environment_id, id, task_identifier, created_at, concurrency_key)
          select 'env', 'run_' || task || n, task, now() - n * interval '1 s'
            - case task when 'nobodys' then interval '1 day' else interval '0' end,
            case task when 'b' then null else 'k' || (n %% %d) end
          from generate_series(1, %d) n, unnest('{a,b,tight,nobodys}'::text[]) task"""
            .formatted(keys, backlog));
    postgres.execute("vacuum analyze execution");
    String sql =
        look.replace("$1", "'env'")
            .replace("$2", "10")
            .replace("$3", "100")
            .replace("$4", look.equals(LaneTable.FIRST_OF_QUEUE) ? "'task/a'" : "''");
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("explain (analyze, format json) " + sql)) {
      rows.next();
      String plan = rows.getString(1);
      assertThat(plan).contains("execution_by_lane");
      return lookedAt(new JsonArray(plan).getJsonObject(0).getJsonObject("Plan"));
    }
  }

  /** Rows that the scans of the table found or threw away. */
  private static long lookedAt(JsonObject node) {
    long rows = 0;
    if ("execution".equals(node.getString("Relation Name"))) {
      assertThat(node.getString("Node Type")).isEqualTo("Index Only Scan");
      double found = node.getDouble("Actual Rows") + node.getDouble("Rows Removed by Filter", 0.0);
      rows += Math.round(found * node.getInteger("Actual Loops"));
    }
    for (Object child : node.getJsonArray("Plans", new JsonArray())) {
      rows += lookedAt((JsonObject) child);
    }
    return rows;
  }
}
