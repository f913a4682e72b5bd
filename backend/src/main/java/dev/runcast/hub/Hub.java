package dev.runcast.hub;

import dev.runcast.hub.SubscriptionIndex.Feed;
import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.log.Pin;
import dev.runcast.hub.stream.StreamReaders;
import dev.runcast.run.Bookmark;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.Cursor;
import dev.runcast.run.Incarnation;
import dev.runcast.run.RunChanged;
import dev.runcast.run.Visibility;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Routes the changes that reach one event loop to the subscriptions of that loop. The only place
 * where the flow from the log and the requests of clients meet. Confined to its event loop.
 */
public final class Hub {
  /**
   * How much a hub keeps and how long it waits.
   *
   * @param ringBytes the recent past that a reconnecting client resumes from without a read
   * @param unprovenBytes changes that a read may not show yet, beside the ring
   * @param outboxBytes news that one slow subscriber may pile up before it is read for again
   * @param stuckAfter how long a subscriber may take nothing before it is hung up on
   * @param staleAfter how long without a horizon until clients are told that they see old news
   */
  public record Budgets(
      long ringBytes,
      long unprovenBytes,
      long outboxBytes,
      Duration stuckAfter,
      Duration staleAfter) {
    public static final Budgets DEFAULT =
        new Budgets(16 << 20, 64 << 20, 1 << 20, Duration.ofSeconds(60), Duration.ofSeconds(3));
  }

  private final Budgets budgets;
  private final InstantSource clock;
  private final HeardLog heard;
  private final SubscriptionIndex index = new SubscriptionIndex();
  private final StreamReaders streams;

  /** Subscriptions with something left to be proven: a horizon concerns only these. */
  private final Set<Subscription> unsettled = new LinkedHashSet<>();

  private final Stragglers stragglers;

  /** Of this hub alone: a frame's bytes are made on the event loop that it belongs to. */
  private final SharedFrame live = new SharedFrame(new Frame.Live());

  private final List<Runnable> waitingForHorizon = new ArrayList<>();
  private final List<Subscription> leaving = new ArrayList<>();
  private boolean dispatching;

  /** What tells that the log has been silent for too long; null while it is not. */
  private @Nullable SharedFrame silence;

  private Instant heardAt;
  private long slow;
  private long gaps;

  public Hub(Budgets budgets, InstantSource clock) {
    this.budgets = budgets;
    this.clock = clock;
    this.heard = new HeardLog(budgets.ringBytes, budgets.unprovenBytes);
    this.streams = new StreamReaders(heard);
    this.stragglers = new Stragglers(clock);
    this.heardAt = clock.instant();
  }

  // From the log.

  /** Takes the next batch; lost, repeated and foreign ones are recognised. */
  public void dispatch(ChangeBatch batch) {
    switch (heard.follow(batch)) {
      case DUPLICATE -> {
        return;
      }
      case NEW_INCARNATION -> {
        resyncAll();
        streams.historyChanged();
      }
      case GAP -> {
        gaps++;
        resyncAll();
        streams.readAgain();
      }
      case NEW_SESSION -> {
        index.all().forEach(Subscription::sessionChanged);
        streams.sessionChanged();
      }
      case FIRST, CONTINUE -> {}
    }
    dispatching = true;
    for (ChangeBatch.Entry entry : batch.entries()) {
      if (heard.advance(entry.lsn())) {
        take(entry);
      }
    }
    heard.advance(batch.last());
    dispatching = false;
    leaving.forEach(index::remove);
    leaving.clear();
  }

  private void take(ChangeBatch.Entry entry) {
    if (entry instanceof Committed committed) {
      heard.add(committed);
      committed.changes().forEach(this::route);
      streams.take(committed);
    } else if (entry instanceof Oversized oversized) {
      heard.missed(oversized);
      index.all().stream()
          .filter(subscription -> oversized.concerns(subscription.filter()))
          .forEach(Subscription::resyncNow);
      streams.missed(oversized);
    } else if (entry instanceof ChangeBatch.Horizon horizon) {
      passHorizon(horizon);
    }
  }

  private void route(RunChanged change) {
    List<Feed> feeds = index.matching(change);
    if (feeds.isEmpty()) {
      return;
    }
    Telling telling = telling(change);
    for (Feed feed : feeds) {
      boolean now = feed.filter.matches(change.run());
      boolean before = feed.filter.matchedBefore(change);
      if (now || before) {
        Telling.Kind kind = Telling.Kind.of(now, before);
        for (Subscription subscription : feed.subscriptions) {
          subscription.offer(telling, kind);
        }
      }
    }
  }

  private void passHorizon(ChangeBatch.Horizon passed) {
    heardAt = clock.instant();
    heard.pass(passed);
    List.copyOf(unsettled).forEach(Subscription::horizonPassed);
    streams.horizonPassed();
    if (silence != null) {
      silence = null;
      index.all().forEach(Subscription::tellFreshness);
    }
    List<Runnable> waiting = List.copyOf(waitingForHorizon);
    waitingForHorizon.clear();
    waiting.forEach(Runnable::run);
  }

  private void resyncAll() {
    index.all().forEach(Subscription::resyncNow);
  }

  // From subscriptions and those who open them.

  /** From here on the subscription is reached by resyncs and, once live, by changes. */
  public void add(Subscription subscription) {
    index.add(subscription);
    if (silence != null) {
      subscription.tellFreshness();
    }
  }

  void remove(Subscription subscription) {
    unsettled.remove(subscription);
    stragglers.catchesUp(subscription);
    if (dispatching) {
      leaving.add(subscription);
    } else {
      index.remove(subscription);
    }
  }

  /** Runs the callback once a horizon of the present incarnation is known: at once, as a rule. */
  public void whenHorizonKnown(Runnable callback) {
    if (heard.horizon() > 0) {
      callback.run();
    } else {
      waitingForHorizon.add(callback);
    }
  }

  /** Runs the callback once the next horizon has passed. */
  public void atNextHorizon(Runnable callback) {
    waitingForHorizon.add(callback);
  }

  /** Whether a client can go on from this cursor without a read. */
  public boolean covers(Cursor cursor) {
    return heard.covers(cursor);
  }

  /** Whether a client can go on from this bookmark without a read. */
  public boolean covers(Bookmark bookmark) {
    return heard.covers(bookmark.cursor()) && (bookmark.shown() == null || trusts(bookmark));
  }

  /**
   * Whether a row that was written by this transaction is one that the bookmark's read showed. Only
   * for a transaction id that the log has passed for good: any other may have been given out a
   * second time by a crash that this hub has not heard of, so that the read showed another row.
   */
  public boolean wasShown(Bookmark bookmark, long xid) {
    Visibility shown = bookmark.shown();
    return shown != null && shown.shows(xid) && heard.isGivenOutForGood(xid) && trusts(bookmark);
  }

  /** Whether what the bookmark says was shown can still be told by transaction ids. */
  private boolean trusts(Bookmark bookmark) {
    return bookmark.session() == heard.session()
        && heard.incarnation().filter(bookmark.cursor().incarnation()::equals).isPresent();
  }

  /** The place that has been reached, as a cursor: what "from now on" begins with. */
  public Optional<Cursor> now() {
    return heard.now();
  }

  /** The history that this hub is in; empty until it has heard anything. */
  public Optional<Incarnation> incarnation() {
    return heard.incarnation();
  }

  /** The newest horizon: every transaction with a smaller xid has passed; 0 before the first. */
  public long horizon() {
    return heard.horizon();
  }

  /** Keeps, until {@link #unpin}, what a read beginning now might not show. */
  public Pin pin() {
    return heard.pin();
  }

  /** The read is over and was taken by all who wait for it. */
  public void unpin(Pin pin) {
    heard.unpin(pin);
  }

  /**
   * Whether the replication session is still the one in which the read began. A snapshot of an
   * earlier one proves nothing any more: after a crash of Postgres xids are given out anew.
   */
  public boolean isOfThisSession(Pin pin) {
    return heard.isOfThisSession(pin);
  }

  /** Once a second or so: notices silence of the log and clients that take nothing. */
  public void tick() {
    if (silence == null && heardAt.plus(budgets.staleAfter).isBefore(clock.instant())) {
      silence = new SharedFrame(new Frame.Stale(heardAt));
      index.all().forEach(Subscription::tellFreshness);
    }
    stragglers
        .stuckFor(budgets.stuckAfter)
        .forEach(subscription -> subscription.end(CloseCode.SLOW_CONSUMER));
  }

  /** Hangs up on everybody; they come back with the cursors they have. */
  public void endAll(CloseCode code) {
    index.all().forEach(subscription -> subscription.end(code));
    streams.breakOffAll();
  }

  /** Those who read streams. */
  public StreamReaders streams() {
    return streams;
  }

  public int subscriptions() {
    return index.size();
  }

  /** Whether the log has been silent for too long. */
  public boolean isStale() {
    return silence != null;
  }

  /** How often a subscriber was so slow that its queue was dropped. */
  public long slowCount() {
    return slow;
  }

  /** How often batches were missing. */
  public long gapCount() {
    return gaps;
  }

  HeardLog heard() {
    return heard;
  }

  Stragglers stragglers() {
    return stragglers;
  }

  Telling telling(RunChanged change) {
    return new Telling(change, heard.cursorOf(change));
  }

  /** What a subscription that is live has to say of itself: that, or that the log is silent. */
  SharedFrame freshness() {
    return silence == null ? live : silence;
  }

  long outboxBudget() {
    return budgets.outboxBytes;
  }

  void unsettled(Subscription subscription) {
    unsettled.add(subscription);
  }

  void settled(Subscription subscription) {
    unsettled.remove(subscription);
  }

  void countSlow() {
    slow++;
  }
}
