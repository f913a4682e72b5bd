package dev.runcast.store.tenant;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The secret keys of environments, as they are stored: sealed, and found by their SHA-256. */
public final class KeyStore {
  private static final String OWNER =
      """
      select environment_id, valid_until from secret_key
      where digest = $1 and (valid_until is null or valid_until > now())
      """;

  /**
   * The current key first, then those rotated away, the newest first. A branch also has those of
   * what it is a branch of, until it is archived: no token for it is good any more then.
   */
  private static final String OF_ENVIRONMENT =
      """
      select digest, sealed, master_key_id, valid_until from secret_key
      where (environment_id = $1
          or environment_id = (select parent_id from environment
            where id = $1 and archived_at is null))
        and (valid_until is null or valid_until > now())
      order by valid_until desc nulls first, environment_id = $1 desc, created_at desc
      """;

  private static final String BRANCH =
      """
      select id, archived_at is not null as archived from environment
      where parent_id = $1 and branch = $2 order by archived_at nulls first limit 1""";

  /**
   * A key that only the holder of the master key can read.
   *
   * @param digest its SHA-256
   * @param sealed the sealed bytes; not to be modified
   * @param masterKeyId which master key opens it
   * @param validUntil until when it is still accepted after a rotation; null for a current one
   */
  public record SealedKey(
      Buffer digest, Buffer sealed, String masterKeyId, @Nullable Instant validUntil) {}

  /**
   * Whose key one is.
   *
   * @param validUntil until when it is still accepted after a rotation; null for a current one
   */
  public record Owner(EnvironmentId environment, @Nullable Instant validUntil) {}

  /**
   * A branch of an environment.
   *
   * @param archived that it is none any more, and no other has its name
   */
  public record Branch(EnvironmentId environment, boolean archived) {}

  private final Database database;

  public KeyStore(Database database) {
    this.database = database;
  }

  /** Whose key it is, given the 32 bytes of its SHA-256; empty if nobody's, or not any more. */
  public Future<Optional<Owner>> owner(Buffer digest) {
    return database.one(OWNER, Tuple.of(digest), KeyStore::owner);
  }

  /** The keys that are accepted now, the current one first; empty for an unknown environment. */
  public Future<List<SealedKey>> ofEnvironment(EnvironmentId environment) {
    return database.query(OF_ENVIRONMENT, Tuple.of(environment.value())).map(KeyStore::sealedKeys);
  }

  /** The branch of this name; empty when there is none. */
  public Future<Optional<Branch>> branch(EnvironmentId of, String name) {
    return database.one(BRANCH, Tuple.of(of.value(), name), KeyStore::branch);
  }

  private static Branch branch(Row row) {
    return new Branch(new EnvironmentId(row.getString("id")), row.getBoolean("archived"));
  }

  private static Owner owner(Row row) {
    return new Owner(new EnvironmentId(row.getString("environment_id")), validUntil(row));
  }

  private static List<SealedKey> sealedKeys(RowSet<Row> rows) {
    List<SealedKey> keys = new ArrayList<>(rows.size());
    for (Row row : rows) {
      keys.add(
          new SealedKey(
              row.getBuffer("digest"),
              row.getBuffer("sealed"),
              row.getString("master_key_id"),
              validUntil(row)));
    }
    return keys;
  }

  private static @Nullable Instant validUntil(Row row) {
    OffsetDateTime end = row.getOffsetDateTime("valid_until");
    return end == null ? null : end.toInstant();
  }
}
