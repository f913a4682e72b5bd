package dev.runcast.hub.tally;

import dev.runcast.hub.log.HeardLog;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.Filter;
import dev.runcast.run.RunChanged;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The tallies of one hub, one for each feed that is asked for. Owned by the hub's event loop. */
public final class Tallies {
  private final HeardLog heard;
  private final InstantSource clock;

  /** In the order in which they came, so that a simulation repeats itself. */
  private final Map<Filter, Tally> byFeed = new LinkedHashMap<>();

  /** Those that the batch under way has moved. */
  private final Set<Tally> moved = new LinkedHashSet<>();

  private long differences;

  public Tallies(HeardLog heard, InstantSource clock) {
    this.heard = heard;
    this.clock = clock;
  }

  /** How many there are. */
  public int size() {
    return byFeed.size();
  }

  /**
   * Tells somebody what a feed adds up to whenever it changes, from now until it leaves; if it is
   * not yet known, as soon as it was read.
   *
   * @param digest whether the digest is asked for too
   */
  public Tally join(Filter filter, Follower follower, boolean digest, Recount recount) {
    Tally tally =
        byFeed.computeIfAbsent(filter, absent -> new Tally(absent, this, heard, clock, recount));
    tally.join(follower, digest);
    return tally;
  }

  /** The last one takes the tally along. */
  public void leave(Tally tally, Follower follower) {
    if (tally.leave(follower)) {
      byFeed.remove(tally.filter());
      moved.remove(tally);
    }
  }

  /** How often a recount gave something else than what changes had led to. */
  public long differences() {
    return differences;
  }

  void differs() {
    differences++;
  }

  // From the log, by the hub.

  /** Takes a change of a feed's scope. */
  public void take(Filter feed, RunChanged change) {
    Tally tally = byFeed.isEmpty() ? null : byFeed.get(feed);
    if (tally != null && tally.take(change)) {
      moved.add(tally);
    }
  }

  /** Whole transactions were taken: what they moved can be told. */
  public void batchIsOver() {
    if (!moved.isEmpty()) {
      List<Tally> told = List.copyOf(moved);
      moved.clear();
      told.forEach(Tally::tell);
    }
  }

  /** A horizon has passed. */
  public void horizonPassed() {
    each(Tally::horizonPassed);
  }

  /** A transaction of which the rows were not told. */
  public void missed(Oversized transaction) {
    each(
        tally -> {
          if (transaction.concerns(tally.filter())) {
            tally.readAgain();
          }
        });
  }

  /** Something was not heard, or another history has begun. */
  public void readAgain() {
    each(Tally::readAgain);
  }

  /** The replication session has begun anew. */
  public void sessionChanged() {
    each(Tally::sessionChanged);
  }

  /** Once a second or so: has one of them read beside, if that is due. */
  public void tick() {
    for (Tally tally : List.copyOf(byFeed.values())) {
      if (tally.check()) {
        return;
      }
    }
  }

  private void each(Consumer<Tally> consumer) {
    List.copyOf(byFeed.values()).forEach(consumer);
  }
}
