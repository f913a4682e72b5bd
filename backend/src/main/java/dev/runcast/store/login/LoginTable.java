package dev.runcast.store.login;

import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps who asks to be let in, and lets in whom somebody has approved. */
public final class LoginTable {
  /** Anybody may ask: beyond so many, nobody may for a while. */
  private static final long MOST = 1_000;

  private static final String ASK =
      """
      with over as (delete from login_request where expires_at <= now())
      insert into login_request (digest, code, address, expires_at)
      select $1, $2, $3, now() + $4::bigint * interval '1 millisecond'
      where (select count(*) from login_request where expires_at > now()) < $5
      on conflict do nothing""";

  private static final String COLUMNS = "code, address, asked_at, expires_at, approved";

  private static final String FIND =
      "select " + COLUMNS + " from login_request where code = $1 and expires_at > now()";

  private static final String OF_SECRET =
      "select " + COLUMNS + " from login_request where digest = $1 and expires_at > now()";

  /** The first answer counts. */
  private static final String ANSWER =
      """
      update login_request r set approved = $2, environment_id = s.environment_id,
        key_digest = s.key_digest
      from dashboard_session s
      where s.digest = $3 and r.code = $1 and r.approved is null and r.expires_at > now()""";

  private static final String LET_IN =
      """
      with approved as (
        delete from login_request where digest = $1 and approved and expires_at > now()
        returning environment_id, key_digest)
      insert into personal_token (digest, name, environment_id, key_digest)
      select $2, 'login', environment_id, key_digest from approved""";

  private final Database database;

  public LoginTable(Database database) {
    this.database = database;
  }

  /**
   * Somebody asks.
   *
   * @param digest of the secret
   * @param code that people see
   * @return false when too many do, or the code is another one's
   */
  public Future<Boolean> ask(Buffer digest, String code, @Nullable String address, Duration life) {
    return database
        .query(ASK, Tuple.of(digest, code, address, life.toMillis(), MOST))
        .map(LoginTable::changed);
  }

  /** Who asks by this code; empty when nobody does, or no longer. */
  public Future<Optional<LoginRequest>> find(String code) {
    return database.query(FIND, Tuple.of(code)).map(LoginTable::first);
  }

  /** Who asks with this secret; empty when nobody does, or no longer. */
  public Future<Optional<LoginRequest>> ofSecret(Buffer digest) {
    return database.query(OF_SECRET, Tuple.of(digest)).map(LoginTable::first);
  }

  /**
   * Somebody answers who has signed in.
   *
   * @param session the digest of its token
   * @return false when it was answered before, or nobody asks any more
   */
  public Future<Boolean> answer(String code, boolean approved, Buffer session) {
    return database.query(ANSWER, Tuple.of(code, approved, session)).map(LoginTable::changed);
  }

  /**
   * Makes a personal token for who was approved, once.
   *
   * @param token its digest
   * @return false when it was not, or has one
   */
  public Future<Boolean> letIn(Buffer digest, Buffer token) {
    return database.query(LET_IN, Tuple.of(digest, token)).map(LoginTable::changed);
  }

  private static boolean changed(RowSet<Row> rows) {
    return rows.rowCount() > 0;
  }

  private static Optional<LoginRequest> first(RowSet<Row> rows) {
    RowIterator<Row> found = rows.iterator();
    if (!found.hasNext()) {
      return Optional.empty();
    }
    Row row = found.next();
    return Optional.of(
        new LoginRequest(
            row.getString("code"),
            row.getString("address"),
            row.getOffsetDateTime("asked_at").toInstant(),
            row.getOffsetDateTime("expires_at").toInstant(),
            row.getBoolean("approved")));
  }
}
