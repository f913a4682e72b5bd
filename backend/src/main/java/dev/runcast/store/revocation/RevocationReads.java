package dev.runcast.store.revocation;

import dev.runcast.run.place.Visibility;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Reads what was revoked: by those who may not have heard of all of it. */
public final class RevocationReads {
  private static final String SINCE =
      """
      select pg_current_snapshot()::text as snapshot, r.*
      from (select) once left join lateral (
        select %s from revocation where changed_xid >= $1::text::xid8) r on true"""
          .formatted(RevocationRows.COLUMNS);

  /** What one snapshot shows; of all environments. */
  public record Read(Visibility visibility, List<Revocation> revocations) {
    public Read {
      revocations = List.copyOf(revocations);
    }
  }

  private final Database database;

  public RevocationReads(Database database) {
    this.database = database;
  }

  /** All that was written by this transaction id or a greater one. */
  public Future<Read> since(long xid) {
    return database
        .autocommit()
        .query(SINCE, Tuple.of(Long.toString(xid)))
        .map(RevocationReads::read);
  }

  private static Read read(RowSet<Row> rows) {
    List<Revocation> found = new ArrayList<>(rows.size());
    for (Row row : rows) {
      if (row.getString("kind") != null) {
        found.add(RevocationRows.read(row));
      }
    }
    Row head = rows.iterator().next();
    return new Read(Visibility.parse(head.getString("snapshot")), found);
  }
}
