package dev.runcast.store.worker;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which builds were registered, the newest first. */
public final class BuildReads {
  private static final String PAGE =
      """
      select w.id, w.number, w.version, w.content_hash, w.sdk_version, w.cli_version, w.runtime,
        w.registered_at, p.heard_at, tasks.count as tasks, w.total
      from (select *, count(*) over () as total from worker where environment_id = $1
          order by number desc limit $2 offset $3) w
        left join presence p
          on p.environment_id = w.environment_id and p.worker_id = w.id and p.queue = ''
        cross join lateral (select count(*) from worker_task t
          where t.environment_id = w.environment_id and t.worker_id = w.id) tasks
      order by w.number desc""";

  private final Database database;

  public BuildReads(Database database) {
    this.database = database;
  }

  /**
   * A build.
   *
   * @param tasks how many it has
   * @param heardAt when somebody who has it last asked for runs; null for never
   */
  public record Build(
      Worker worker,
      NewWorker.Tools tools,
      Instant registeredAt,
      long tasks,
      @Nullable Instant heardAt) {}

  /** A part of a list, and how long the whole is; zero beyond its end. */
  public record Page(List<Build> builds, long total) {
    public Page {
      builds = List.copyOf(builds);
    }
  }

  /** Builds, from an offset on. */
  public Future<Page> page(EnvironmentId environment, int limit, long offset) {
    return database
        .query(PAGE, Tuple.of(environment.value(), (long) limit, offset))
        .map(
            rows -> {
              List<Build> builds = new ArrayList<>(rows.size());
              long total = 0;
              for (Row row : rows) {
                builds.add(build(row));
                total = row.getLong("total");
              }
              return new Page(builds, total);
            });
  }

  private static Build build(Row row) {
    OffsetDateTime heardAt = row.getOffsetDateTime("heard_at");
    return new Build(
        WorkerTable.worker(row, "id"),
        new NewWorker.Tools(
            row.getString("sdk_version"), row.getString("cli_version"), row.getString("runtime")),
        row.getOffsetDateTime("registered_at").toInstant(),
        row.getLong("tasks"),
        heardAt == null ? null : heardAt.toInstant());
  }
}
