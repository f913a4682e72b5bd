package dev.runcast.store;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Visibility;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs as a page about one of them needs them; each read is one statement, hence one snapshot. */
public final class RunReads {
  /** More children than this are a feed, not a part of an answer. */
  private static final int MAX_CHILDREN = 100;

  private static final String FAMILY =
      """
      with me as (select * from run where environment_id = $1 and id = $2 and status <> 'DELETED'),
      family as (
        select 'ME' as kin, %1$s from me
        union all select 'PARENT', %2$s from run where environment_id = $1
          and id = (select parent_id from me) and status <> 'DELETED'
        union all select 'ROOT', %2$s from run where environment_id = $1
          and id = (select root_id from me) and status <> 'DELETED'
        union all (select 'CHILD', %2$s from run where environment_id = $1
          and parent_id = (select id from me) and status <> 'DELETED'
          order by created_at, id limit %3$d)
      )
      select pg_current_snapshot()::text as snapshot, family.*, made.*
      from (select) once left join family on true left join (
        select s.id as schedule_id, s.cron as schedule_cron, s.external_id as schedule_external_id,
          s.deduplication_key as schedule_key
        from scheduled_run r join schedule s
          on s.environment_id = r.environment_id and s.id = r.schedule_id
        where r.environment_id = $1 and r.run_id = $2) made on true"""
          .formatted(RunRows.COLUMNS, RunRows.LIGHT_COLUMNS, MAX_CHILDREN);

  /**
   * A run and those next to it, which are read without payload, output, error and options.
   *
   * @param children the first hundred that it triggered, in the order of their creation
   * @param schedule that made it; null when none did, or there is none any more
   */
  public record Family(
      Visibility visibility,
      @Nullable Run run,
      @Nullable Run parent,
      @Nullable Run root,
      List<Run> children,
      @Nullable BySchedule schedule) {}

  /** What is told of the schedule that made a run. */
  public record BySchedule(
      String id, String cron, @Nullable String externalId, @Nullable String deduplicationKey) {}

  private final Database database;

  public RunReads(Database database) {
    this.database = database;
  }

  /** A run and those next to it; the run is null when there is none, or it was deleted. */
  public Future<Family> family(EnvironmentId environment, RunId run) {
    return database.query(FAMILY, Tuple.of(environment.value(), run.value())).map(RunReads::family);
  }

  private static Family family(RowSet<Row> rows) {
    Run run = null;
    Run parent = null;
    Run root = null;
    List<Run> children = new ArrayList<>();
    for (Row row : rows) {
      String kin = row.getString("kin");
      if (kin == null) {
        continue;
      }
      Run member = RunRows.read(row);
      switch (kin) {
        case "ME" -> run = member;
        case "PARENT" -> parent = member;
        case "ROOT" -> root = member;
        default -> children.add(member);
      }
    }
    Row head = rows.iterator().next();
    Visibility visibility = Visibility.parse(head.getString("snapshot"));
    return new Family(visibility, run, parent, root, children, schedule(head));
  }

  private static @Nullable BySchedule schedule(Row row) {
    String id = row.getString("schedule_id");
    return id == null
        ? null
        : new BySchedule(
            id,
            row.getString("schedule_cron"),
            row.getString("schedule_external_id"),
            row.getString("schedule_key"));
  }
}
