package dev.runcast.wal.change;

import dev.runcast.wal.pgoutput.MalformedMessageException;
import dev.runcast.wal.pgoutput.PgOutputMessage.Relation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the relation ids of a replication session stand for. Postgres describes each table before
 * its first row and again whenever it may have changed; the newest description holds. Owned by the
 * reader's thread; a new session needs a new one.
 */
public final class RelationCache {
  /** Empty for a table that tells nothing of ours. */
  private final Map<Integer, Optional<TableLayout>> layouts = new HashMap<>();

  public void accept(Relation relation) {
    layouts.put(
        relation.oid(),
        Table.named(relation.name()).map(table -> new TableLayout(table, relation.columns())));
  }

  /**
   * The layout of a table whose rows are told; null when this relation is another one.
   *
   * @throws MalformedMessageException when Postgres never described the relation
   */
  public @Nullable TableLayout layout(int oid) {
    Optional<TableLayout> layout = layouts.get(oid);
    if (layout == null) {
      throw new MalformedMessageException("a row of a relation that was not described: " + oid);
    }
    return layout.orElse(null);
  }
}
