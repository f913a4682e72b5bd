package dev.runcast.wal.change;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.FilterKey;
import dev.runcast.run.RunId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which filters a transaction that is too large to carry may concern: the hashes of its rows'
 * filter keys, up to a number; beyond it, or once a row's keys can't be told, its environments
 * alone. So its size is bounded however many rows stream in. Owned by the reader's thread.
 */
public final class ConcernedFilters {
  private final int maxKeys;
  private final Set<EnvironmentId> environments = new HashSet<>();
  private @Nullable Set<Long> keys = new HashSet<>();
  private final TableRow first;

  public ConcernedFilters(int maxKeys, List<TableRow> rows) {
    this.maxKeys = maxKeys;
    this.first = rows.get(0);
    rows.forEach(this::add);
  }

  /**
   * Takes in one more row.
   *
   * @throws dev.runcast.wal.pgoutput.MalformedMessageException when not even the environment can be
   *     told: then nothing less than a new incarnation would be right, so the caller must not go on
   */
  public void add(TableRow row) {
    EnvironmentId environment = new EnvironmentId(row.text(row.table().environment()));
    environments.add(environment);
    if (row.table() == Table.REVOCATION) {
      keys = null; // whom it concerns no filter tells: all of them read, and so hear of it
    }
    if (keys != null) {
      addKeys(environment, row, keys);
    }
  }

  private void addKeys(EnvironmentId environment, TableRow row, Set<Long> into) {
    try {
      keysOf(environment, row).forEach(key -> into.add(key.hash()));
    } catch (IllegalArgumentException unreadable) {
      keys = null; // the environment as a whole is then the only safe answer
    }
    if (into.size() > maxKeys) {
      keys = null;
    }
  }

  /** A segment concerns who reads its stream, found by the run, and feeds that it may belong to. */
  private static List<FilterKey> keysOf(EnvironmentId environment, TableRow row) {
    return switch (row.table()) {
      case RUN ->
          Filter.keysOf(
              environment,
              new RunId(row.text(RunColumn.ID)),
              ChangeMapper.links(row),
              row.texts(RunColumn.TAGS));
      case STREAM_SEGMENT ->
          List.of(
              new FilterKey(FilterKey.Kind.RUN, environment, row.text(SegmentColumn.RUN_ID)),
              FilterKey.chunksOf(environment));
      case REVOCATION -> List.of();
    };
  }

  public TableRow first() {
    return first;
  }

  public Set<EnvironmentId> environments() {
    return Set.copyOf(environments);
  }

  /** Null when the environments must do. */
  public @Nullable Set<Long> keys() {
    return keys == null ? null : Set.copyOf(keys);
  }
}
