package dev.runcast.hub;

import dev.runcast.hub.SubscriptionIndex.Feed;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.Cursor;
import dev.runcast.run.Incarnation;
import dev.runcast.run.Lsn;
import dev.runcast.run.Position;
import dev.runcast.run.RunChanged;
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
  /** A hole of which only is known that it ends with the first horizon's {@code next}. */
  static final long UNKNOWN_HOLE = Long.MAX_VALUE;

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
  private final Lineage lineage = new Lineage();
  private final Horizons horizons = new Horizons();
  private final RecentChanges recent;
  private final SubscriptionIndex index = new SubscriptionIndex();

  /** Subscriptions with something left to be proven: a horizon concerns only these. */
  private final Set<Subscription> unsettled = new LinkedHashSet<>();

  /** Subscriptions whose client has not taken all that waits for it. */
  private final Set<Subscription> behind = new LinkedHashSet<>();

  /** Of this hub alone: a frame's bytes are made on the event loop that it belongs to. */
  private final SharedFrame live = new SharedFrame(new Frame.Live());

  private final Set<Pin> pins = new LinkedHashSet<>();
  private final List<Runnable> waitingForHorizon = new ArrayList<>();
  private final List<Subscription> leaving = new ArrayList<>();
  private boolean dispatching;
  private long hole;

  /** What tells that the log has been silent for too long; null while it is not. */
  private @Nullable SharedFrame silence;

  private Instant heardAt;
  private long slow;
  private long gaps;

  public Hub(Budgets budgets, InstantSource clock) {
    this.budgets = budgets;
    this.clock = clock;
    this.recent = new RecentChanges(budgets.ringBytes, budgets.unprovenBytes);
    this.heardAt = clock.instant();
  }

  // From the log.

  /** Takes the next batch; lost, repeated and foreign ones are recognised. */
  public void dispatch(ChangeBatch batch) {
    switch (lineage.follow(batch)) {
      case DUPLICATE -> {
        return;
      }
      case FIRST -> beginAnew(batch.prev());
      case NEW_INCARNATION -> {
        horizons.forget();
        beginAnew(batch.prev());
        resyncAll();
      }
      case GAP -> {
        gaps++;
        beginAnew(batch.prev());
        resyncAll();
      }
      case NEW_SESSION -> index.all().forEach(Subscription::sessionChanged);
      case CONTINUE -> {}
    }
    dispatching = true;
    for (ChangeBatch.Entry entry : batch.entries()) {
      if (entry.lsn().isAfter(lineage.last())) {
        lineage.advance(entry.lsn());
        take(entry);
      }
    }
    lineage.advance(batch.last());
    dispatching = false;
    leaving.forEach(index::remove);
    leaving.clear();
  }

  private void take(ChangeBatch.Entry entry) {
    if (entry instanceof Committed committed) {
      recent.add(committed);
      trimRing();
      committed.changes().forEach(this::route);
    } else if (entry instanceof Oversized oversized) {
      recent.barrierAt(oversized.lsn());
      openHole(oversized.xid() + 1);
      index.all().stream()
          .filter(subscription -> oversized.concerns(subscription.filter()))
          .forEach(Subscription::resyncNow);
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
    horizons.pass(passed.lsn(), passed.xmin());
    if (hole == UNKNOWN_HOLE) {
      hole = passed.next();
    }
    if (hole != 0 && horizons.newest() >= hole) {
      hole = 0;
    }
    trimRing();
    List.copyOf(unsettled).forEach(Subscription::horizonPassed);
    if (silence != null) {
      silence = null;
      index.all().forEach(Subscription::tellFreshness);
    }
    List<Runnable> waiting = List.copyOf(waitingForHorizon);
    waitingForHorizon.clear();
    waiting.forEach(Runnable::run);
  }

  private void beginAnew(Lsn start) {
    recent.restartAt(start);
    lineage.advance(start);
    openHole(UNKNOWN_HOLE);
  }

  private void trimRing() {
    long letGo = recent.trim(horizons.newest());
    if (letGo != 0) {
      openHole(letGo + 1);
    }
  }

  private void openHole(long bound) {
    hole = Math.max(hole, bound);
    pins.forEach(pin -> pin.openHole(bound));
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
    behind.remove(subscription);
    if (dispatching) {
      leaving.add(subscription);
    } else {
      index.remove(subscription);
    }
  }

  /** Runs the callback once a horizon of the present incarnation is known: at once, as a rule. */
  public void whenHorizonKnown(Runnable callback) {
    if (horizons.newest() > 0) {
      callback.run();
    } else {
      waitingForHorizon.add(callback);
    }
  }

  /** Whether a client can go on from this cursor without a read. */
  public boolean covers(Cursor cursor) {
    return cursor.position() != null
        && cursor.incarnation().equals(lineage.incarnation())
        && recent.coversAllAfter(cursor.position());
  }

  /** The place that has been reached, as a cursor: what "from now on" begins with. */
  public Optional<Cursor> now() {
    return incarnation()
        .map(
            incarnation ->
                new Cursor(incarnation, horizons.newest(), Position.endOf(lineage.last()), null));
  }

  /** The history that this hub is in; empty until it has heard anything. */
  public Optional<Incarnation> incarnation() {
    return Optional.ofNullable(lineage.incarnation());
  }

  /** The newest horizon: every transaction with a smaller xid has passed; 0 before the first. */
  public long horizon() {
    return horizons.newest();
  }

  /** Keeps, until {@link #unpin}, what a read beginning now might not show. */
  public Pin pin() {
    Pin pin = new Pin(horizons.newest(), lineage.session(), hole);
    pins.add(pin);
    recent.pin(pin.horizon);
    return pin;
  }

  /** The read is over and was taken by all who wait for it. */
  public void unpin(Pin pin) {
    pins.remove(pin);
    recent.unpin(pin.horizon);
  }

  /**
   * Whether the replication session is still the one in which the read began. A snapshot of an
   * earlier one proves nothing any more: after a crash of Postgres xids are given out anew.
   */
  public boolean isOfThisSession(Pin pin) {
    return pin.session == lineage.session();
  }

  /** Once a second or so: notices silence of the log and clients that take nothing. */
  public void tick() {
    Instant now = clock.instant();
    if (silence == null && heardAt.plus(budgets.staleAfter).isBefore(now)) {
      silence = new SharedFrame(new Frame.Stale(heardAt));
      index.all().forEach(Subscription::tellFreshness);
    }
    long limit = now.toEpochMilli() - budgets.stuckAfter.toMillis();
    List.copyOf(behind).stream()
        .filter(subscription -> subscription.behindSince < limit)
        .forEach(subscription -> subscription.end(CloseCode.SLOW_CONSUMER));
  }

  /** Hangs up on everybody; they come back with the cursors they have. */
  public void endAll(CloseCode code) {
    index.all().forEach(subscription -> subscription.end(code));
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

  RecentChanges recent() {
    return recent;
  }

  Lsn last() {
    return lineage.last();
  }

  long hole() {
    return hole;
  }

  /** The newest horizon that may be claimed along with a place. */
  long horizonAt(Position place) {
    return place.isEnd() ? horizons.upTo(place.lsn()) : horizons.before(place.lsn());
  }

  Telling telling(RunChanged change) {
    Position position = change.position();
    return new Telling(
        change, new Cursor(requireIncarnation(), horizons.before(position.lsn()), position, null));
  }

  Incarnation requireIncarnation() {
    @Nullable Incarnation incarnation = lineage.incarnation();
    if (incarnation == null) {
      throw new IllegalStateException("nothing was heard from the log yet");
    }
    return incarnation;
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

  void fallsBehind(Subscription subscription) {
    if (behind.add(subscription)) {
      subscription.behindSince = clock.millis();
    }
  }

  void moves(Subscription subscription) {
    subscription.behindSince = clock.millis();
  }

  void catchesUp(Subscription subscription) {
    behind.remove(subscription);
  }

  void countSlow() {
    slow++;
  }
}
