package dev.runcast.store.revocation;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revocation.Identity;
import dev.runcast.run.revocation.Revocation.Kind;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Row → {@link Revocation}. */
final class RevocationRows {
  static final String COLUMNS = "environment_id, kind, subject, at, expires_at, written_at";

  private RevocationRows() {}

  static Revocation read(Row row) {
    return new Revocation(
        new Identity(
            new EnvironmentId(row.getString("environment_id")),
            Kind.valueOf(row.getString("kind")),
            row.getString("subject")),
        instant(row, "at"),
        instant(row, "expires_at"),
        row.getOffsetDateTime("written_at").toInstant());
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
