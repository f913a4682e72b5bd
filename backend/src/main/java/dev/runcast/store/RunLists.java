package dev.runcast.store;

import dev.runcast.run.Run;
import dev.runcast.run.place.Visibility;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists of runs, newest first, a page at a time; each read is one statement, hence one snapshot.
 */
public final class RunLists {
  private static final String READ =
      """
      with found as materialized (
        select %s from run where %s order by run.created_at %s, run.id %3$s limit %s offset %s
      )
      select pg_current_snapshot()::text as snapshot,
        (select slug from environment where id = $1) as slug, %s as passed, found.*
      from (select) once left join found on true
      order by created_at %3$s, id %3$s""";

  /** Where nothing is found, what was passed over has been read to its end as well. */
  private static final String PASSED =
      """
      case when not exists (select from found) then
        (select count(*) from (select from run where %s limit %s) passed) end""";

  /**
   * A page, its runs without payload, output, error and options.
   *
   * @param environmentName as people know it
   * @param passed how many rows there were to be passed over, where nothing is behind them; null
   *     where something is, or none were to be
   */
  public record Listed(
      Visibility visibility, String environmentName, Page.Found<Run> page, @Nullable Long passed) {}

  private final Database database;

  public RunLists(Database database) {
    this.database = database;
  }

  /** The page that is asked for. */
  public Future<Listed> list(RunQuery query) {
    Conditions conditions = conditions(query);
    boolean backwards = query.page().before() != null;
    String limit = conditions.bind(query.page().size() + 1L);
    String offset = conditions.bind((long) query.page().skip());
    String passed =
        query.page().skip() == 0 ? "null::bigint" : PASSED.formatted(conditions.where(), offset);
    String sql =
        READ.formatted(
            RunRows.LIGHT_COLUMNS,
            conditions.where(),
            backwards ? "asc" : "desc",
            limit,
            offset,
            passed);
    Tuple parameters = conditions.parameters();
    return database.query(sql, parameters).map(rows -> listed(rows, query.page()));
  }

  private static Conditions conditions(RunQuery query) {
    Conditions conditions = new Conditions();
    conditions.and("run.environment_id = %s", query.environment().value());
    conditions.and("run.status <> 'DELETED'");
    query.oneOf().forEach((field, values) -> oneOf(conditions, field, values));
    conditions.beginsWithAny("run.id collate \"C\"", query.idPrefixes());
    if (!query.anyTag().isEmpty()) {
      conditions.and("run.tags && %s", array(query.anyTag()));
    }
    if (query.isTest() != null) {
      conditions.and("run.is_test = %s", query.isTest());
    }
    conditions.createdWithin("run.created_at", query.from(), query.to());
    conditions.beyond("(run.created_at, run.id)", query.page());
    return conditions;
  }

  /** A single value by itself lets an index of it tell the order, too. */
  private static void oneOf(Conditions conditions, RunQuery.Field field, Set<String> values) {
    if (values.size() == 1) {
      conditions.and(field.condition().replace("any(%s)", "%s"), values.iterator().next());
    } else {
      conditions.and(field.condition(), array(values));
    }
  }

  private static String[] array(Collection<String> values) {
    return values.toArray(String[]::new);
  }

  private static Listed listed(RowSet<Row> rows, Page page) {
    Row head = rows.iterator().next();
    List<Run> runs = new ArrayList<>(rows.size());
    if (head.getString("id") != null) {
      rows.forEach(row -> runs.add(RunRows.read(row)));
    }
    return new Listed(
        Visibility.parse(head.getString("snapshot")),
        head.getString("slug"),
        page.cut(runs, RunLists::place),
        head.getLong("passed"));
  }

  private static Page.Place place(Run run) {
    return new Page.Place(run.times().createdAt(), run.id().value());
  }
}
