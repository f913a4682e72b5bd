package dev.runcast.wire;

import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a subscriber is told, before it is bytes. Named on the wire by {@link #event}. */
public sealed interface Frame {

  /** The name of the event that carries it. */
  String event();

  /** A rough size in bytes, for budgets. */
  default int weight() {
    return 64;
  }

  /** Whether it tells of a run that is final or gone: nothing more is to come of it. */
  default boolean tellsCompletion() {
    return false;
  }

  /**
   * A part of a read of the table.
   *
   * @param full whether the read covers the whole feed, so that the client drops at its end what it
   *     was not given; otherwise only what changed since the client's cursor
   * @param start whether a full read begins here
   * @param complete whether a full read ends here
   * @param runs rows of the feed, whole
   * @param left runs that are no longer in the feed
   * @param buckets the parts of the feed that a full read is confined to, when it is a repair: of
   *     the rest it gives what has changed; empty for none
   */
  record Snapshot(
      boolean full,
      boolean start,
      boolean complete,
      List<Run> runs,
      List<Leave> left,
      SortedSet<Integer> buckets)
      implements Frame {
    public Snapshot {
      runs = List.copyOf(runs);
      left = List.copyOf(left);
      buckets = Collections.unmodifiableSortedSet(new TreeSet<>(buckets));
    }

    /** Of a read that is no repair. */
    public Snapshot(
        boolean full, boolean start, boolean complete, List<Run> runs, List<Leave> left) {
      this(full, start, complete, runs, left, Collections.emptySortedSet());
    }

    @Override
    public String event() {
      return "snapshot";
    }

    @Override
    public boolean tellsCompletion() {
      return !left.isEmpty() || runs.stream().anyMatch(run -> run.status().isFinal());
    }
  }

  /**
   * A run as a change tells it.
   *
   * @param whole whether it is all of the row, which a client takes even for a run it does not
   *     hold; otherwise the absent columns are as they were
   * @param lsn the commit that told it; null when it was read from the table
   */
  record RunUpdate(Run run, boolean whole, @Nullable Lsn lsn, @Nullable Instant committedAt)
      implements Frame {
    @Override
    public String event() {
      return "run";
    }

    @Override
    public int weight() {
      return run.weight();
    }

    @Override
    public boolean tellsCompletion() {
      return run.status().isFinal();
    }
  }

  /**
   * Chunks of one stream of a run, in order.
   *
   * @param seq the number of the first
   * @param chunks JSON texts, one a line
   * @param at when they were stored
   */
  record Chunk(RunId run, String stream, long seq, String chunks, Instant at) implements Frame {
    public static Chunk of(StreamSegment segment) {
      StreamKey stream = segment.stream();
      return new Chunk(
          stream.run(), stream.key(), segment.firstSeq(), segment.chunks(), segment.appendedAt());
    }

    @Override
    public String event() {
      return "chunk";
    }

    @Override
    public int weight() {
      return 160 + 2 * chunks.length();
    }
  }

  /** A run that is no longer in the feed. Idempotent. */
  record Leave(RunId run, long version, Reason reason) implements Frame {
    /** Why it left. */
    public enum Reason {
      FILTER("filter"),
      DELETED("deleted");

      private final String text;

      Reason(String text) {
        this.text = text;
      }

      public String text() {
        return text;
      }
    }

    @Override
    public String event() {
      return "leave";
    }

    @Override
    public boolean tellsCompletion() {
      return true;
    }
  }

  /**
   * How many runs of the feed are in each status, by the names that rows show; none are in those
   * that are not named.
   *
   * @param committedAt of the newest change in it; null where it is as the table was read
   */
  record Counts(SortedMap<String, Long> byStatus, @Nullable Instant committedAt) implements Frame {
    public Counts {
      byStatus = Collections.unmodifiableSortedMap(new TreeMap<>(byStatus));
    }

    @Override
    public String event() {
      return "counts";
    }

    /** How many runs are in the feed. */
    public long members() {
      return byStatus.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * What the versions of all runs of the feed add up to: a client that has taken everything before
   * it holds rows that add up to the same, or something went wrong.
   *
   * @param members how many there are
   * @param buckets the same of each part of the feed; empty unless it was asked for
   */
  record Digest(long digest, long members, List<Long> buckets) implements Frame {
    public Digest {
      buckets = List.copyOf(buckets);
    }

    @Override
    public String event() {
      return "digest";
    }
  }

  /** From here on changes come as they happen. */
  record Live() implements Frame {
    @Override
    public String event() {
      return "live";
    }
  }

  /** The service has not heard from Postgres for a while: what is shown may be old. */
  record Stale(Instant since) implements Frame {
    @Override
    public String event() {
      return "stale";
    }
  }

  /** The feed ends at this time unless the client brings a new token before. */
  record TokenExpiring(Instant expiresAt) implements Frame {
    @Override
    public String event() {
      return "token-expiring";
    }
  }

  /**
   * The last event of a connection.
   *
   * @param position where in the log it was decided, if it was there
   */
  record End(CloseCode code, @Nullable Lsn position) implements Frame {
    public End(CloseCode code) {
      this(code, null);
    }

    @Override
    public String event() {
      return "end";
    }
  }
}
