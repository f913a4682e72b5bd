package dev.runcast.hub;

import dev.runcast.hub.tally.Follower;
import dev.runcast.hub.tally.Recount;
import dev.runcast.hub.tally.Sums;
import dev.runcast.hub.tally.Tally;
import dev.runcast.run.place.Position;
import dev.runcast.wire.SharedFrame;
import org.jspecify.annotations.Nullable;

/**
 * What one subscription is told of what its feed adds up to. None of it ever waits in the outbox: a
 * client that is behind is owed the counts as they will be then, and a digest only says something
 * where nothing is withheld. Owned by the hub's event loop.
 */
final class Summed implements Follower {
  private static final long NOTHING = -1;

  private final Subscription subscription;
  private final Hub hub;
  private final Delivery delivery;
  private final Sums wish;
  private final Tally tally;

  private boolean owed;
  private @Nullable SharedFrame counted;
  private boolean bucketsOwed;

  /** How far the tally had moved when the last digest was told. */
  private long digested = NOTHING;

  Summed(Subscription subscription, Hub hub, Delivery delivery, Sums wish, Recount recount) {
    this.subscription = subscription;
    this.hub = hub;
    this.delivery = delivery;
    this.wish = wish;
    this.owed = wish.counts();
    this.bucketsOwed = wish.buckets();
    this.tally = hub.tallies().join(subscription.filter(), this, wish.digest(), recount);
  }

  @Override
  public void counted() {
    owed = wish.counts();
    tellCounts();
  }

  /** The subscription has gone live, maybe once more: what it holds then is to be proven anew. */
  void live() {
    digested = NOTHING;
    tellCounts();
  }

  /** Tells what is owed, if it is known and the client takes it now. */
  void tellCounts() {
    if (!owed || !tally.isTold() || !isTime()) {
      return;
    }
    if (!delivery.isClear()) {
      hub.audience().stragglers().fallsBehind(subscription);
      return;
    }
    owed = false;
    Tally.Counts counts = tally.counts();
    if (counts.frame() != counted) {
      counted = counts.frame();
      delivery.sendOrKeep(counted, null, subscription.hasRows() ? null : counts.cursor());
    }
    if (!subscription.hasRows() && subscription.isOpening()) {
      // Without rows there is nothing more to wait for.
      subscription.isCaughtUp();
      delivery.sendOrKeep(hub.freshness(), null, null);
    }
  }

  /** Without rows any time is the time for counts, with them when they are told. */
  private boolean isTime() {
    return subscription.hasRows() ? subscription.isLive() : !subscription.isClosed();
  }

  @Override
  public void horizonPassed() {
    if (wish.digest() && tally.hasDigest() && digested != tally.moves() && holdsAllThatWasHeard()) {
      digested = tally.moves();
      SharedFrame digest = tally.digest(bucketsOwed);
      bucketsOwed = false;
      delivery.sendOrKeep(digest, Position.endOf(hub.heard().last()), null);
    }
  }

  /** Whether the client has been sent what the log up to here comes to, and nothing else. */
  private boolean holdsAllThatWasHeard() {
    return subscription.isSettled()
        && delivery.withheld.isEmpty()
        && delivery.isClear()
        && !delivery.told.isAhead(hub.heard());
  }

  void close() {
    hub.tallies().leave(tally, this);
  }
}
