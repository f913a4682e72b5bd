package dev.runcast.run;

import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.revocation.Revoked;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What crosses nodes: the news of one or more whole transactions, linked to what came before it.
 *
 * @param session counts the replication sessions over all nodes; a greater one is newer
 * @param prev the {@code last} of the batch before it in the same session; for the first batch of a
 *     session, the LSN from which Postgres sends again
 * @param last the place up to which everything has been told
 */
public record ChangeBatch(
    Incarnation incarnation, long session, Lsn prev, Lsn last, List<Entry> entries) {

  /** One thing that the stream told, in commit order. */
  public sealed interface Entry {
    Lsn lsn();
  }

  /**
   * A transaction, with the changes that concern us. All of them carry its xid.
   *
   * @param segments of streams; where they stand among the changes is told by their positions
   * @param revocations where they stand is told by their positions too
   */
  public record Committed(
      Lsn lsn,
      long xid,
      Instant committedAt,
      List<RunChanged> changes,
      List<SegmentAppended> segments,
      List<Revoked> revocations)
      implements Entry {
    public Committed {
      changes = List.copyOf(changes);
      segments = List.copyOf(segments);
      revocations = List.copyOf(revocations);
    }

    /** One that wrote runs only. */
    public Committed(Lsn lsn, long xid, Instant committedAt, List<RunChanged> changes) {
      this(lsn, xid, committedAt, changes, List.of());
    }

    /** One that revoked nothing. */
    public Committed(
        Lsn lsn,
        long xid,
        Instant committedAt,
        List<RunChanged> changes,
        List<SegmentAppended> segments) {
      this(lsn, xid, committedAt, changes, segments, List.of());
    }

    /** Gives its rows in the order in which they were written. */
    public void inOrder(Consumer<RunChanged> change, Consumer<SegmentAppended> segment) {
      int next = 0;
      for (SegmentAppended appended : segments) {
        while (next < changes.size() && appended.position().isAfter(changes.get(next).position())) {
          change.accept(changes.get(next++));
        }
        segment.accept(appended);
      }
      changes.subList(next, changes.size()).forEach(change);
    }

    /** About how much memory its rows take, in bytes. */
    public long weight() {
      long weight = 0;
      for (RunChanged change : changes) {
        weight += change.run().weight();
      }
      for (SegmentAppended appended : segments) {
        weight += appended.segment().weight();
      }
      return weight;
    }
  }

  /**
   * A transaction too large to carry: only what must be read again.
   *
   * @param keys hashes ({@link FilterKey#hash}) of every key under which a filter may concern it;
   *     null when even those were too many, and everything in these environments is concerned
   */
  public record Oversized(
      Lsn lsn, long xid, Set<EnvironmentId> environments, @Nullable Set<Long> keys)
      implements Entry {
    /** Whether a feed may have lost something to this. */
    public boolean concerns(Filter filter) {
      return environments.contains(filter.environment())
          && (keys == null || filter.keys().stream().allMatch(key -> keys.contains(key.hash())));
    }

    /** Whether whoever is told chunks of several runs may have lost some to this. */
    public boolean concernsChunks(EnvironmentId environment) {
      return environments.contains(environment)
          && (keys == null || keys.contains(FilterKey.chunksOf(environment).hash()));
    }

    /** Whether a stream, or its run, may have lost something to this. */
    public boolean concerns(StreamKey stream) {
      return environments.contains(stream.environment())
          && (keys == null || keys.contains(stream.ofRun().hash()));
    }
  }

  /**
   * The horizon that the leader sent through the log about once a second.
   *
   * @param xmin every transaction with a smaller xid has passed before this place
   * @param next an xid above all that were given out by then
   */
  public record Horizon(Lsn lsn, long xmin, long next) implements Entry {}

  public ChangeBatch {
    entries = List.copyOf(entries);
  }

  /** About how much memory its rows take, in bytes. */
  public long weight() {
    long weight = 0;
    for (Entry entry : entries) {
      if (entry instanceof Committed committed) {
        weight += committed.weight();
      }
    }
    return weight;
  }
}
