package dev.runcast.store.worker;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Whether the versions that triggers name can execute what they are to. */
public record BoundVersions(Transaction transaction) {
  /** A task that no build ever had is for workers of other kinds, which have no versions. */
  private static final String LACKING =
      """
      select asked.task, asked.version, w.id is not null as registered, newest.version as has_it
      from unnest($2::text[], $3::text[]) as asked (task, version)
        join task k on k.environment_id = $1 and k.id = asked.task
        join worker newest on newest.environment_id = $1 and newest.id = k.worker_id
        left join worker w on w.environment_id = $1 and w.version = asked.version
        left join worker_task t
          on t.environment_id = $1 and t.worker_id = w.id and t.task = asked.task
      where t.task is null""";

  /** A task, and the version of the build that is to execute it. */
  public record Asked(String task, String version) {}

  /**
   * What can't be.
   *
   * @param isRegistered whether there is such a build
   * @param latest the newest version that has the task
   */
  public record Lacking(Asked asked, boolean isRegistered, String latest) {}

  /** Those that no build will ever execute. */
  public Future<List<Lacking>> lacking(EnvironmentId environment, List<Asked> asked) {
    Tuple values =
        Tuple.of(environment.value())
            .addArrayOfString(asked.stream().map(Asked::task).toArray(String[]::new))
            .addArrayOfString(asked.stream().map(Asked::version).toArray(String[]::new));
    return transaction
        .query(LACKING, values)
        .map(
            rows -> {
              List<Lacking> lacking = new ArrayList<>(rows.size());
              rows.forEach(row -> lacking.add(lacking(row)));
              return lacking;
            });
  }

  private static Lacking lacking(Row row) {
    return new Lacking(
        new Asked(row.getString("task"), row.getString("version")),
        row.getBoolean("registered"),
        row.getString("has_it"));
  }
}
