package dev.runcast.store.session;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/** Opens sessions with secret keys, finds those in force, and ends them. */
public final class SessionTable {
  /**
   * By a key that is current: one that was rotated away still opens the API for a while, but no
   * session. Those that are over go on this occasion.
   */
  private static final String OPEN =
      """
      with over as (
        delete from dashboard_session
        where used_at < now() - $3::bigint * interval '1 millisecond'
          or opened_at < now() - $4::bigint * interval '1 millisecond')
      insert into dashboard_session (digest, environment_id, key_digest)
      select $1, environment_id, digest from secret_key
      where digest = $2 and valid_until is null
      returning digest
      """;

  private static final String FIND =
      """
      select s.environment_id, p.reference, p.name, e.slug,
        s.opened_at + $3::bigint * interval '1 millisecond' ends_at,
        s.used_at < now() - least(interval '1 minute', $2::bigint * interval '1 millisecond' / 4) stale
      from dashboard_session s
        join secret_key k on k.digest = s.key_digest and k.valid_until is null
        join environment e on e.id = s.environment_id
        join project p on p.id = e.project_id
      where s.digest = $1
        and s.used_at >= now() - $2::bigint * interval '1 millisecond'
        and s.opened_at >= now() - $3::bigint * interval '1 millisecond'
      """;

  private static final String USE =
      "update dashboard_session set used_at = now() where digest = $1";

  private static final String END = "delete from dashboard_session where digest = $1";

  /**
   * How long a session may last.
   *
   * @param life from its opening
   * @param idle from its last use, which is noted once a minute
   */
  public record Lengths(Duration life, Duration idle) {
    /** As the settings have it when nothing is set. */
    public static final Lengths DEFAULT = new Lengths(Duration.ofDays(7), Duration.ofHours(12));
  }

  private final Database database;
  private final Lengths lengths;

  public SessionTable(Database database, Lengths lengths) {
    this.database = database;
    this.lengths = lengths;
  }

  public Lengths lengths() {
    return lengths;
  }

  /**
   * Opens a session.
   *
   * @param digest SHA-256 of its token
   * @param keyDigest SHA-256 of the secret key
   * @return empty if that is nobody's current key
   */
  public Future<Optional<Session>> open(Buffer digest, Buffer keyDigest) {
    long idle = lengths.idle().toMillis();
    return database
        .query(OPEN, Tuple.of(digest, keyDigest, idle, lengths.life().toMillis()))
        .compose(
            opened ->
                opened.rowCount() == 0 ? Future.succeededFuture(Optional.empty()) : find(digest));
  }

  /** The session of a token with this SHA-256, and notes that it was used; empty if it is over. */
  public Future<Optional<Session>> find(Buffer digest) {
    return database
        .query(FIND, Tuple.of(digest, lengths.idle().toMillis(), lengths.life().toMillis()))
        .compose(rows -> used(digest, rows));
  }

  private Future<Optional<Session>> used(Buffer digest, RowSet<Row> rows) {
    Iterator<Row> first = rows.iterator();
    if (!first.hasNext()) {
      return Future.succeededFuture(Optional.empty());
    }
    Row row = first.next();
    Optional<Session> session = Optional.of(session(row));
    return row.getBoolean("stale")
        ? database.query(USE, Tuple.of(digest)).map(session)
        : Future.succeededFuture(session);
  }

  /** Ends a session at once, on every node; nothing happens if it is over already. */
  public Future<Void> end(Buffer digest) {
    return database.query(END, Tuple.of(digest)).mapEmpty();
  }

  private static Session session(Row row) {
    return new Session(
        new EnvironmentId(row.getString("environment_id")),
        row.getString("reference"),
        row.getString("name"),
        row.getString("slug"),
        row.getOffsetDateTime("ends_at").toInstant());
  }
}
