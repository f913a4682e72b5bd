package dev.runcast.store.waitpoint;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Conditions;
import dev.runcast.store.Database;
import dev.runcast.store.Page;
import dev.runcast.store.waitpoint.Waitpoint.Status;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists of waitpoints, newest first, a page at a time. */
public final class WaitpointLists {
  private static final String READ =
      "select %s from waitpoint where %s order by created_at %s, id %3$s limit %s offset %s";

  private final Database database;

  public WaitpointLists(Database database) {
    this.database = database;
  }

  /**
   * Which waitpoints of an environment a list is to hold.
   *
   * @param statuses of which a waitpoint must have one; empty for any
   * @param key the idempotency key that it was made with; null for any or none
   * @param anyTag tags of which it must carry at least one; empty for any waitpoint
   * @param from created at or after this; null for no bound
   * @param to created at or before this; null for no bound
   */
  public record Query(
      EnvironmentId environment,
      Set<Status> statuses,
      @Nullable String key,
      Set<String> anyTag,
      @Nullable Instant from,
      @Nullable Instant to,
      Page page) {
    public Query {
      statuses = Set.copyOf(statuses);
      anyTag = Set.copyOf(anyTag);
    }
  }

  /** The page that is asked for, its waitpoints without their outputs. */
  public Future<Page.Found<Waitpoint>> list(Query query) {
    Conditions conditions = conditions(query);
    String limit = conditions.bind(query.page().size() + 1L);
    String sql =
        READ.formatted(
            WaitpointRows.LIGHT_COLUMNS,
            conditions.where(),
            query.page().before() == null ? "desc" : "asc",
            limit,
            conditions.bind((long) query.page().skip()));
    return database
        .autocommit()
        .query(sql, conditions.parameters())
        .map(
            rows -> {
              List<Waitpoint> found = new ArrayList<>(rows.size());
              rows.forEach(row -> found.add(WaitpointRows.readLight(row)));
              return query.page().cut(found, WaitpointLists::place);
            });
  }

  private static Conditions conditions(Query query) {
    Conditions conditions = new Conditions();
    conditions.and("environment_id = %s", query.environment().value());
    if (!query.statuses().isEmpty()) {
      conditions.and(
          "status = any(%s)", query.statuses().stream().map(Status::name).toArray(String[]::new));
    }
    if (query.key() != null) {
      conditions.and("idempotency_key = %s", query.key());
    }
    if (!query.anyTag().isEmpty()) {
      conditions.and("tags && %s", query.anyTag().toArray(String[]::new));
    }
    conditions.createdWithin("created_at", query.from(), query.to());
    conditions.beyond("(created_at, id)", query.page());
    return conditions;
  }

  private static Page.Place place(Waitpoint waitpoint) {
    return new Page.Place(waitpoint.times().createdAt(), waitpoint.id().value());
  }
}
