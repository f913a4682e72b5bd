package dev.runcast.store;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What finished runs came to, alone or by the batch. */
public final class RunResults {
  private static final String COLUMNS =
      "run.id, run.task_identifier, run.status, run.output, run.output_type, run.error";

  private static final String ONE =
      "select " + COLUMNS + " from run where environment_id = $1 and id = $2 and status = any($3)";

  private static final String MEMBERS =
      """
      with member as (
        select id, batch_index from run where environment_id = $1 and batch_id = $2
        union all select run_id, batch_index from batch_reused_item
          where environment_id = $1 and batch_id = $2)""";

  private static final String SIZE =
      MEMBERS
          + """
             select (select 1 from batch where environment_id = $1 and id = $2) as batch,
              sum(octet_length(output) + coalesce(octet_length(error), 0))::bigint as bytes
            from member join run on run.environment_id = $1 and run.id = member.id
              and run.status = any($3)""";

  private static final String OF_BATCH =
      MEMBERS
          + " select "
          + COLUMNS
          + """
             from member join run on run.environment_id = $1 and run.id = member.id
              and run.status = any($3)
            order by member.batch_index, run.id""";

  /**
   * What a run came to.
   *
   * @param status a final one
   * @param error JSON, if the API wrote it
   */
  public record Result(
      RunId run,
      String task,
      RunStatus status,
      @Nullable String output,
      @Nullable String outputType,
      @Nullable String error) {}

  /**
   * How much there is of a batch's results.
   *
   * @param known whether there is such a batch
   */
  public record Size(boolean known, long bytes) {}

  private final Database database;

  public RunResults(Database database) {
    this.database = database;
  }

  /** The result of a run; none when it has not finished or there is no such run. */
  public Future<List<Result>> ofRun(EnvironmentId environment, RunId run) {
    return database.query(ONE, values(environment, run.value())).map(RunResults::results);
  }

  /** How large the results of a batch are by now. */
  public Future<Size> size(EnvironmentId environment, BatchId batch) {
    return database
        .query(SIZE, values(environment, batch.value()))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              Long bytes = row.getLong("bytes");
              return new Size(row.getInteger("batch") != null, bytes == null ? 0 : bytes);
            });
  }

  /** The results of those runs of a batch that have finished, in the order of their indexes. */
  public Future<List<Result>> ofBatch(EnvironmentId environment, BatchId batch) {
    return database.query(OF_BATCH, values(environment, batch.value())).map(RunResults::results);
  }

  private static Tuple values(EnvironmentId environment, String id) {
    String[] finished =
        Arrays.stream(RunStatus.values())
            .filter(status -> status.isFinal() && status != RunStatus.DELETED)
            .map(RunStatus::name)
            .toArray(String[]::new);
    return Tuple.of(environment.value(), id).addArrayOfString(finished);
  }

  private static List<Result> results(RowSet<Row> rows) {
    List<Result> results = new ArrayList<>(rows.size());
    rows.forEach(
        row ->
            results.add(
                new Result(
                    new RunId(row.getString("id")),
                    row.getString("task_identifier"),
                    RunStatus.valueOf(row.getString("status")),
                    row.getString("output"),
                    row.getString("output_type"),
                    row.getString("error"))));
    return results;
  }
}
