package dev.runcast.store.tenant;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Personal tokens, and the projects that they open something of. */
public record PersonalTokens(Database database) {
  /** Whoever was let in by a key that is rotated away must not come by the new one. */
  private static final String PERSONAL_TOKEN =
      """
      select t.environment_id from personal_token t
        left join secret_key k on k.digest = t.key_digest
      where t.digest = $1 and (t.key_digest is null or k.valid_until is null)""";

  private static final String PROJECTS =
      """
      select p.id, p.reference, p.name, p.created_at from project p
      where ($1::text is null or p.id = (select project_id from environment where id = $1))
        and ($2::text is null or p.reference = $2)
      order by p.created_at, p.id limit 1000""";

  /** A project as its people see it. */
  public record Project(String id, String reference, String name, Instant createdAt) {}

  /**
   * A personal token.
   *
   * @param environment the one that it opens; null for all
   */
  public record PersonalToken(@Nullable EnvironmentId environment) {}

  /** The personal token of this SHA-256, if it is in force. */
  public Future<Optional<PersonalToken>> find(Buffer digest) {
    return database.one(
        PERSONAL_TOKEN,
        Tuple.of(digest),
        row -> {
          String environment = row.getString("environment_id");
          return new PersonalToken(environment == null ? null : new EnvironmentId(environment));
        });
  }

  /**
   * Projects, the oldest first.
   *
   * @param of only that of this environment; null for all
   * @param reference only that of this reference; null for all
   */
  public Future<List<Project>> projects(@Nullable EnvironmentId of, @Nullable String reference) {
    return database
        .query(PROJECTS, Tuple.of(of == null ? null : of.value(), reference))
        .map(
            rows -> {
              List<Project> found = new ArrayList<>(rows.size());
              for (Row row : rows) {
                found.add(
                    new Project(
                        row.getString("id"),
                        row.getString("reference"),
                        row.getString("name"),
                        row.getOffsetDateTime("created_at").toInstant()));
              }
              return found;
            });
  }
}
