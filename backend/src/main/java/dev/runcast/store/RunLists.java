package dev.runcast.store;

import dev.runcast.run.Run;
import dev.runcast.run.Visibility;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists of runs, newest first, a page at a time; each read is one statement, hence one snapshot.
 */
public final class RunLists {
  private static final String READ =
      """
      select pg_current_snapshot()::text as snapshot,
        (select slug from environment where id = $1) as slug, found.*
      from (select) once left join (
        select %s from run where %s order by run.created_at %s, run.id %3$s limit %s
      ) found on true
      order by created_at %3$s, id %3$s""";

  /**
   * A page, its runs without payload, output, error and options.
   *
   * @param environmentName as people know it
   * @param next where the next page begins; null when this is the last
   * @param previous where the page before this one ends; null when this is the first
   */
  public record Listed(
      Visibility visibility,
      String environmentName,
      List<Run> runs,
      RunQuery.@Nullable Place next,
      RunQuery.@Nullable Place previous) {}

  private final Database database;

  public RunLists(Database database) {
    this.database = database;
  }

  /** The page that is asked for. */
  public Future<Listed> list(RunQuery query) {
    Conditions conditions = conditions(query);
    boolean backwards = query.page().before() != null;
    String limit = conditions.bind(query.page().size() + 1L);
    String sql =
        READ.formatted(
            RunRows.LIGHT_COLUMNS, conditions.where(), backwards ? "asc" : "desc", limit);
    Tuple parameters = conditions.parameters();
    return database.query(sql, parameters).map(rows -> listed(rows, query.page()));
  }

  private static Conditions conditions(RunQuery query) {
    Conditions conditions = new Conditions();
    conditions.and("run.environment_id = %s", query.environment().value());
    conditions.and("run.status <> 'DELETED'");
    query
        .oneOf()
        .forEach(
            (field, values) ->
                conditions.and("run." + field.column() + " = any(%s)", array(values)));
    if (!query.anyTag().isEmpty()) {
      conditions.and("run.tags && %s", array(query.anyTag()));
    }
    if (query.isTest() != null) {
      conditions.and("run.is_test = %s", query.isTest());
    }
    if (query.from() != null) {
      conditions.and("run.created_at >= %s", query.from().atOffset(ZoneOffset.UTC));
    }
    if (query.to() != null) {
      conditions.and("run.created_at <= %s", query.to().atOffset(ZoneOffset.UTC));
    }
    beyond(conditions, "<", query.page().after());
    beyond(conditions, ">", query.page().before());
    return conditions;
  }

  private static void beyond(
      Conditions conditions, String comparison, RunQuery.@Nullable Place place) {
    if (place != null) {
      String time = conditions.bind(place.createdAt().atOffset(ZoneOffset.UTC));
      conditions.and("(run.created_at, run.id) " + comparison + " (" + time + ", %s)", place.run());
    }
  }

  private static String[] array(Collection<String> values) {
    return values.toArray(String[]::new);
  }

  /** One row more than the page is long was read, to know whether there is more that way. */
  private static Listed listed(RowSet<Row> rows, RunQuery.Page page) {
    Row head = rows.iterator().next();
    List<Run> runs = new ArrayList<>(rows.size());
    if (head.getString("id") != null) {
      rows.forEach(row -> runs.add(RunRows.read(row)));
    }
    boolean more = runs.size() > page.size();
    if (more) {
      runs.remove(page.size());
    }
    boolean backwards = page.before() != null;
    if (backwards) {
      Collections.reverse(runs);
    }
    boolean older = backwards || more;
    boolean newer = backwards ? more : page.after() != null;
    return new Listed(
        Visibility.parse(head.getString("snapshot")),
        head.getString("slug"),
        runs,
        older && !runs.isEmpty() ? place(runs.get(runs.size() - 1)) : null,
        newer && !runs.isEmpty() ? place(runs.get(0)) : null);
  }

  private static RunQuery.Place place(Run run) {
    Instant createdAt = run.times().createdAt();
    return new RunQuery.Place(createdAt, run.id().value());
  }
}
