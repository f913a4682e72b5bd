package dev.runcast.store.tenant;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.revocation.RevocationTable;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Projects, their environments, and the credentials that open them: making and rotating. */
public final class ProjectStore {
  private static final String ADD_PROJECT =
      "insert into project (id, reference, name) values ($1, $2, $3) on conflict do nothing";

  private static final String ADD_ENVIRONMENT =
      """
      insert into environment (id, project_id, slug)
      select $1, id, $3 from project where reference = $2
      on conflict do nothing
      """;

  private static final String FIND_ENVIRONMENT =
      """
      select e.id from environment e join project p on p.id = e.project_id
      where p.reference = $1 and e.slug = $2
      """;

  private static final String RETIRE_KEYS =
      """
      update secret_key set valid_until = now() + $2::bigint * interval '1 millisecond'
      where environment_id = $1 and valid_until is null and digest <> $3
      """;

  /**
   * A key that comes back after a rotation is current again; another environment's is not taken.
   */
  private static final String ADD_KEY =
      """
      insert into secret_key as k (digest, environment_id, sealed, master_key_id)
      values ($1, $2, $3, $4)
      on conflict (digest) do update
        set sealed = excluded.sealed, master_key_id = excluded.master_key_id, valid_until = null
        where k.environment_id = excluded.environment_id
      """;

  private static final String FOLLOW_KEY =
      "update dashboard_session set key_digest = $2 where digest = $1 and environment_id = $3";

  private static final String MASTER_KEYS =
      """
      select master_key_id from secret_key where valid_until is null or valid_until > now()
      union
      select master_key_id from environment_variable
      """;

  private static final String HOME =
      """
      select p.reference, e.slug, p.id from environment e join project p on p.id = e.project_id
      where e.id = $1
      """;

  private static final String NAMED =
      """
      select e.id, p.id as project, p.name from environment e join project p on p.id = e.project_id
      where p.reference = $1 and e.slug = $2
      """;

  private static final String ADD_PERSONAL_TOKEN =
      "insert into personal_token (digest, name) values ($1, $2) on conflict do nothing";

  private static final String ANY_PERSONAL_TOKEN = "select from personal_token limit 1";

  /**
   * A secret key as it is stored.
   *
   * @param digest the 32 bytes of its SHA-256
   * @param sealed only the master key of that id opens it
   */
  public record NewKey(Buffer digest, Buffer sealed, String masterKeyId) {}

  /**
   * An environment as people know it: by its project's reference and its own name.
   *
   * @param projectId what the project is called in the database
   */
  public record Home(String project, String environment, String projectId) {}

  /**
   * An environment with what its project is called.
   *
   * @param project its id
   */
  public record Named(EnvironmentId environment, String project, String projectName) {}

  private final Database database;

  public ProjectStore(Database database) {
    this.database = database;
  }

  /** Makes a project; false if there is one of this id or reference. */
  public Future<Boolean> addProject(String id, String reference, String name) {
    return database.query(ADD_PROJECT, Tuple.of(id, reference, name)).map(ProjectStore::changed);
  }

  /** Makes an environment; false if there is one of this name, or no such project. */
  public Future<Boolean> addEnvironment(EnvironmentId id, String projectReference, String slug) {
    return database
        .query(ADD_ENVIRONMENT, Tuple.of(id.value(), projectReference, slug))
        .map(ProjectStore::changed);
  }

  /** The environment of this name in a project. */
  public Future<Optional<EnvironmentId>> environment(String projectReference, String slug) {
    return database.one(
        FIND_ENVIRONMENT,
        Tuple.of(projectReference, slug),
        row -> new EnvironmentId(row.getString("id")));
  }

  /** The environment of this name in a project, with what is to be told of that. */
  public Future<Optional<Named>> named(String projectReference, String slug) {
    return database.one(
        NAMED,
        Tuple.of(projectReference, slug),
        row ->
            new Named(
                new EnvironmentId(row.getString("id")),
                row.getString("project"),
                row.getString("name")));
  }

  /**
   * Makes a key the environment's current one. Those before it are accepted for a while yet.
   *
   * @return false if it is already another environment's, and then nothing has changed
   */
  public Future<Boolean> setKey(EnvironmentId environment, NewKey key, Duration previousFor) {
    return database.transaction(transaction -> setKey(transaction, environment, key, previousFor));
  }

  /**
   * The same by somebody who has signed in: this session goes on under the new key, while those of
   * others end with the old one.
   *
   * @param session the digest of its token
   */
  public Future<Boolean> setKeyIn(
      Buffer session, EnvironmentId environment, NewKey key, Duration previousFor) {
    return database.transaction(
        transaction ->
            setKey(transaction, environment, key, previousFor)
                .compose(
                    set ->
                        transaction
                            .query(FOLLOW_KEY, Tuple.of(session, key.digest(), environment.value()))
                            .map(set)));
  }

  private static Future<Boolean> setKey(
      Transaction transaction, EnvironmentId environment, NewKey key, Duration previousFor) {
    return addKey(transaction, environment, key)
        .compose(
            added ->
                added
                    ? retireOthers(transaction, environment, key, previousFor).map(true)
                    : Future.succeededFuture(false));
  }

  /** Takes public tokens of an environment back. */
  public Future<Void> revoke(RevocationTable.Order order) {
    return database.transaction(
        transaction -> new RevocationTable(transaction).revoke(order).mapEmpty());
  }

  /** Where an environment belongs. */
  public Future<Home> home(EnvironmentId environment) {
    return database
        .query(HOME, Tuple.of(environment.value()))
        .map(rows -> rows.iterator().next())
        .map(
            row ->
                new Home(row.getString("reference"), row.getString("slug"), row.getString("id")));
  }

  /** The ids of the master keys that keys in force and variables are sealed with. */
  public Future<Set<String>> masterKeyIds() {
    return database
        .query(MASTER_KEYS, Tuple.tuple())
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getString("master_key_id"))
                    .collect(Collectors.toSet()));
  }

  /** Lets a personal token in; nothing happens if it already is. */
  public Future<Void> addPersonalToken(Buffer digest, String name) {
    return database.query(ADD_PERSONAL_TOKEN, Tuple.of(digest, name)).mapEmpty();
  }

  /** Whether there is a personal token at all. */
  public Future<Boolean> anyPersonalToken() {
    return database.query(ANY_PERSONAL_TOKEN, Tuple.tuple()).map(rows -> rows.size() > 0);
  }

  private static Future<Boolean> addKey(
      Transaction transaction, EnvironmentId environment, NewKey key) {
    return transaction
        .query(
            ADD_KEY, Tuple.of(key.digest(), environment.value(), key.sealed(), key.masterKeyId()))
        .map(ProjectStore::changed);
  }

  private static Future<Void> retireOthers(
      Transaction transaction, EnvironmentId environment, NewKey key, Duration previousFor) {
    return transaction
        .query(RETIRE_KEYS, Tuple.of(environment.value(), previousFor.toMillis(), key.digest()))
        .mapEmpty();
  }

  private static boolean changed(RowSet<Row> rows) {
    return rows.rowCount() > 0;
  }
}
