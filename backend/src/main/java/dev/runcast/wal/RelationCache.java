package dev.runcast.wal;

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
final class RelationCache {
  private static final String RUN = "run";

  /** Empty for a table that tells no run. */
  private final Map<Integer, Optional<RunLayout>> layouts = new HashMap<>();

  void accept(Relation relation) {
    layouts.put(
        relation.oid(),
        relation.name().equals(RUN)
            ? Optional.of(new RunLayout(relation.columns()))
            : Optional.empty());
  }

  /**
   * The layout of {@code run} when this relation is it; null when it is another table.
   *
   * @throws MalformedMessageException when Postgres never described the relation
   */
  @Nullable RunLayout runLayout(int oid) {
    Optional<RunLayout> layout = layouts.get(oid);
    if (layout == null) {
      throw new MalformedMessageException("a row of a relation that was not described: " + oid);
    }
    return layout.orElse(null);
  }
}
