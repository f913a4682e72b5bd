package dev.runcast.store.tenant;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The branches of environments. */
public record BranchTable(Database database) {
  private static final long MOST = 100;
  private static final int AT_ONCE = 500;

  /** It is called after what it is a branch of. */
  private static final String MAKE =
      """
      with made as (
        insert into environment (id, project_id, slug, parent_id, branch)
        select 'env_' || replace(gen_random_uuid()::text, '-', ''), project_id, slug || '/' || $2,
          id, $2
        from environment where id = $1 and parent_id is null and (select count(*)
          from environment where parent_id = $1 and archived_at is null) < $3
        on conflict do nothing
        returning id)
      select id from made union select id from environment
        where parent_id = $1 and branch = $2 and archived_at is null""";

  private static final String OF =
      """
      select id, branch, created_at from environment
      where parent_id = $1 and archived_at is null order by branch""";

  private static final String PLACE =
      "select parent_id, branch from environment where id = $1 and parent_id is not null";

  private static final String FAMILY = "select id from environment where id = $1 or parent_id = $1";

  /** No branch of Git has a tilde in its name. */
  private static final String ARCHIVE =
      """
      with archived as (
        update environment set archived_at = clock_timestamp(), slug = slug || '~' || id
        where parent_id = $1 and branch = $2 and archived_at is null returning id),
      idle as (
        update schedule set active = false, updated_at = clock_timestamp() from archived
        where schedule.environment_id = archived.id and active),
      closed as (
        update secret_key set valid_until = clock_timestamp() from archived
        where secret_key.environment_id = archived.id
          and (valid_until is null or valid_until > clock_timestamp()))
      select id from archived""";

  /**
   * Some may come in the seconds in which a node still takes the branch for one. Each environment
   * is looked at by itself, and most services have none.
   */
  private static final String CANCEL =
      """
      update run set status = 'CANCELED' from (
        select found.environment_id, found.id from environment e cross join lateral (
          select r.environment_id, r.id from run r
          where r.environment_id = e.id and r.completed_at is null and r.status <> 'DELETED'
          limit $1 for update skip locked) found
        where e.archived_at > now() - interval '1 day' limit $1) left_over
      where run.environment_id = left_over.environment_id and run.id = left_over.id""";

  private static final String SWEEP_SOON =
      "update due set at = clock_timestamp() where kind = 'SWEEP' and at > clock_timestamp()";

  private static final String OWNERS =
      """
      select r.environment_id, r.id from environment e
        join run r on r.environment_id = e.id and r.id = any($2)
      where e.id = $1 or e.parent_id = $1""";

  /** A branch. */
  public record Branch(EnvironmentId environment, String name, Instant createdAt) {}

  /** What a branch is one of, and by which name. */
  public record Place(EnvironmentId of, String name) {}

  /** Where a run is. */
  public record Owned(EnvironmentId environment, RunId run) {}

  /** Makes a branch if there is none of this name; empty when it can't have any, or no more. */
  public Future<Optional<EnvironmentId>> make(EnvironmentId of, String name) {
    return database.one(
        MAKE, Tuple.of(of.value(), name, MOST), row -> new EnvironmentId(row.getString("id")));
  }

  /** The branches of an environment. */
  public Future<List<Branch>> of(EnvironmentId environment) {
    return database
        .query(OF, Tuple.of(environment.value()))
        .map(
            rows -> {
              List<Branch> found = new ArrayList<>(rows.size());
              for (Row row : rows) {
                found.add(
                    new Branch(
                        new EnvironmentId(row.getString("id")),
                        row.getString("branch"),
                        row.getOffsetDateTime("created_at").toInstant()));
              }
              return found;
            });
  }

  /**
   * Archives a branch: nobody finds it by its name any more, its schedules and keys of its own end,
   * and what runs in it is cancelled. Empty when there is none of this name.
   */
  public Future<Optional<EnvironmentId>> archive(EnvironmentId of, String name) {
    return database
        .one(ARCHIVE, Tuple.of(of.value(), name), row -> new EnvironmentId(row.getString("id")))
        .compose(
            archived ->
                archived.isEmpty()
                    ? Future.succeededFuture(archived)
                    : cancelFirst().map(archived));
  }

  /** What is left, and what somebody is at just now, is cancelled by the sweep that is due then. */
  private Future<Void> cancelFirst() {
    return database
        .transaction(transaction -> cancelLeft(transaction, AT_ONCE))
        .compose(count -> database.query(SWEEP_SOON, Tuple.tuple()))
        .mapEmpty();
  }

  /** Cancels some of the runs of branches that were archived lately. Says how many. */
  public static Future<Integer> cancelLeft(Transaction transaction, int limit) {
    return transaction.query(CANCEL, Tuple.of((long) limit)).map(RowSet::rowCount);
  }

  /** Where a branch is; empty for an environment that is none. */
  public Future<Optional<Place>> place(EnvironmentId environment) {
    return database.one(
        PLACE,
        Tuple.of(environment.value()),
        row -> new Place(new EnvironmentId(row.getString("parent_id")), row.getString("branch")));
  }

  /** An environment and its branches: what its key opens. */
  public Future<Set<EnvironmentId>> family(EnvironmentId environment) {
    return database
        .query(FAMILY, Tuple.of(environment.value()))
        .map(
            rows -> {
              Set<EnvironmentId> family = new HashSet<>();
              rows.forEach(row -> family.add(new EnvironmentId(row.getString("id"))));
              return family;
            });
  }

  /** Those of the runs that are in an environment or its branches. */
  public Future<List<Owned>> owned(EnvironmentId environment, List<RunId> runs) {
    Tuple values =
        Tuple.of(environment.value())
            .addArrayOfString(runs.stream().map(RunId::value).toArray(String[]::new));
    return database
        .query(OWNERS, values)
        .map(
            rows -> {
              List<Owned> owned = new ArrayList<>(rows.size());
              rows.forEach(
                  row ->
                      owned.add(
                          new Owned(
                              new EnvironmentId(row.getString("environment_id")),
                              new RunId(row.getString("id")))));
              return owned;
            });
  }
}
