package dev.runcast.store;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a request names is there, and by which names its asker may be allowed to it: the
 * narrow look before a subscription, without the wide columns.
 */
public final class Targets {
  private static final String RUN =
      """
      select task_identifier, tags, batch_id, status = 'DELETED' as deleted from run
      where environment_id = $1 and id = $2
      """;

  private static final String BATCH = "select 1 from batch where environment_id = $1 and id = $2";

  /**
   * What scopes may name a run by, beside its id.
   *
   * @param deleted whether only its tombstone is left
   */
  public record RunTarget(
      String task, List<String> tags, @Nullable BatchId batch, boolean deleted) {
    public RunTarget {
      tags = List.copyOf(tags);
    }
  }

  private final Database database;

  public Targets(Database database) {
    this.database = database;
  }

  /** A run that is there, if only as a tombstone. */
  public Future<Optional<RunTarget>> run(EnvironmentId environment, RunId run) {
    return database.one(RUN, Tuple.of(environment.value(), run.value()), Targets::target);
  }

  /** Whether there is such a batch. */
  public Future<Boolean> batchExists(EnvironmentId environment, BatchId batch) {
    return database
        .query(BATCH, Tuple.of(environment.value(), batch.value()))
        .map(rows -> rows.size() > 0);
  }

  private static RunTarget target(Row row) {
    String batch = row.getString("batch_id");
    return new RunTarget(
        row.getString("task_identifier"),
        List.of(row.getArrayOfStrings("tags")),
        batch == null ? null : new BatchId(batch),
        row.getBoolean("deleted"));
  }
}
