package dev.runcast.hub.tally;

import dev.runcast.run.Filter;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.tally.FeedTally;
import dev.runcast.run.tally.RunHash;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sums of one feed: what a read showed, moved by the changes that it did not. With a hole in it
 * no change moves it, since what a change moves from may be what was missed. Owned by the hub's
 * event loop.
 */
final class Count {
  private final Filter filter;

  /** No status of no run. */
  private final Map<RunStatus, Long> members = new EnumMap<>(RunStatus.class);

  private final long @Nullable [] digests;
  private final long base;
  private final long hole;

  /** What the read showed, until a horizon has passed all that it may not have; then null. */
  private @Nullable Visibility shown;

  private @Nullable Instant committedAt;

  /**
   * @param withDigest whether the read added up the digests too
   * @param hole what the read may have missed something in; 0 for none
   * @param horizon the newest when the read was taken
   */
  Count(Filter filter, FeedTally read, boolean withDigest, long hole, long horizon) {
    this.filter = filter;
    this.digests = withDigest ? new long[RunHash.BUCKETS] : null;
    this.shown = read.visibility();
    this.base = Math.min(read.visibility().xmin(), horizon);
    this.hole = hole;
    for (FeedTally.Part part : read.parts()) {
      count(part.status(), part.members());
      if (digests != null) {
        digests[part.bucket()] += part.digest();
      }
    }
  }

  /** Takes a change of the feed's scope; false if it moves nothing. */
  boolean take(RunChanged change) {
    Visibility kept = shown;
    if (hole != 0 || (kept != null && kept.shows(change.xid()))) {
      return false;
    }
    boolean before = filter.matchedBefore(change);
    boolean now = filter.matches(change.run());
    RunId run = change.run().id();
    long version = change.run().version();
    if (before) {
      move(change.statusBefore(), run, version - 1, -1);
    }
    if (now) {
      move(change.run().status(), run, version, 1);
    }
    if (before || now) {
      committedAt = change.committedAt();
    }
    return before || now;
  }

  private void move(RunStatus status, RunId run, long version, int by) {
    count(status, by);
    if (digests != null) {
      digests[RunHash.bucketOf(run)] += by * RunHash.of(run, version);
    }
  }

  private void count(RunStatus status, long more) {
    long now = members.getOrDefault(status, 0L) + more;
    if (now == 0) {
      members.remove(status);
    } else {
      members.put(status, now);
    }
  }

  /** Lets go of what a horizon proves. */
  void horizonPassed(long horizon) {
    if (shown != null && horizon >= shown.xmax()) {
      shown = null;
    }
  }

  /** Whether a snapshot still decides what is in it. */
  boolean restsOnSnapshot() {
    return shown != null;
  }

  /** Whether the read may have missed something that was not heard either. */
  boolean hasHole() {
    return hole != 0;
  }

  /**
   * Whether there can be such a feed: what was read and what was heard may be of two histories,
   * until the log tells that Postgres was restored.
   */
  boolean isPossible() {
    return members.values().stream().allMatch(runs -> runs > 0);
  }

  boolean hasDigest() {
    return digests != null;
  }

  /** Everything below this horizon is in it. */
  long base() {
    return base;
  }

  /** When the newest change in it was committed; null where it is as it was read. */
  @Nullable Instant committedAt() {
    return committedAt;
  }

  /** How many runs are shown under each name of a status; names of none are left out. */
  SortedMap<String, Long> byStatus() {
    SortedMap<String, Long> byName = new TreeMap<>();
    members.forEach((status, runs) -> byName.merge(status.apiName(), runs, Long::sum));
    return byName;
  }

  long size() {
    return members.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The digest of each part of the feed. */
  List<Long> buckets() {
    return digests == null ? List.of() : Arrays.stream(digests).boxed().toList();
  }

  /** Whether it came to the same as another one of this feed. */
  boolean isLike(Count other) {
    return members.equals(other.members) && Arrays.equals(digests, other.digests);
  }

  @Override
  public String toString() {
    long digest = digests == null ? 0 : Arrays.stream(digests).sum();
    return byStatus() + (digests == null ? "" : " digest " + Long.toHexString(digest));
  }
}
