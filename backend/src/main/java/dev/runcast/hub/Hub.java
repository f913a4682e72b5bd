package dev.runcast.hub;

import dev.runcast.hub.SubscriptionIndex.Feed;
import dev.runcast.hub.chunk.Placing;
import dev.runcast.hub.clock.Freshness;
import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.revocation.Endings;
import dev.runcast.hub.revocation.Revocable;
import dev.runcast.hub.stream.StreamReaders;
import dev.runcast.hub.tally.Tallies;
import dev.runcast.hub.waiting.Telling;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.RunChanged;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.SharedFrame;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

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
   * @param knownRuns of how many runs is known whose their chunks are
   */
  public record Budgets(
      long ringBytes,
      long unprovenBytes,
      long outboxBytes,
      Duration stuckAfter,
      Duration staleAfter,
      int knownRuns) {
    private static final int KNOWN_RUNS = 10_000;

    public static final Budgets DEFAULT =
        new Budgets(16 << 20, 64 << 20, 1 << 20, Duration.ofSeconds(60), Duration.ofSeconds(3));

    /** One that knows of as many runs as is usual. */
    public Budgets(
        long ringBytes,
        long unprovenBytes,
        long outboxBytes,
        Duration stuckAfter,
        Duration staleAfter) {
      this(ringBytes, unprovenBytes, outboxBytes, stuckAfter, staleAfter, KNOWN_RUNS);
    }
  }

  private final Budgets budgets;
  private final HeardLog heard;
  private final Freshness freshness;
  private final SubscriptionIndex index = new SubscriptionIndex();
  private final StreamReaders streams;
  private final ChunkRoutes chunks;
  private final Tallies tallies;
  private final Endings endings;
  private final Audience audience;
  private long delivered;

  /** One without timers: nobody who samples can be served. */
  public Hub(Budgets budgets, InstantSource clock) {
    this(
        budgets,
        clock,
        (delay, task) -> {
          throw new IllegalStateException("this hub has no timers");
        });
  }

  /**
   * @param later runs something on this event loop after so long
   */
  public Hub(Budgets budgets, InstantSource clock, BiConsumer<Duration, Runnable> later) {
    this.budgets = budgets;
    this.heard = new HeardLog(budgets.ringBytes, budgets.unprovenBytes);
    this.streams = new StreamReaders(heard);
    this.chunks = new ChunkRoutes(heard, index, budgets.knownRuns);
    this.audience = new Audience(index, chunks, clock, later);
    this.tallies = new Tallies(heard, clock);
    this.endings = new Endings(clock, this::everybody);
    this.freshness = new Freshness(budgets.staleAfter, clock);
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
        chunks.forget();
        streams.historyChanged();
        tallies.readAgain();
      }
      case GAP -> {
        resyncAll();
        chunks.forget();
        streams.readAgain();
        tallies.readAgain();
      }
      case NEW_SESSION -> {
        index.all().forEach(Subscription::sessionChanged);
        streams.sessionChanged();
        tallies.sessionChanged();
      }
      case FIRST, CONTINUE -> {}
    }
    audience.batchBegins();
    for (ChangeBatch.Entry entry : batch.entries()) {
      if (heard.advance(entry.lsn())) {
        take(entry);
      }
    }
    heard.advance(batch.last());
    audience.batchIsOver();
    tallies.batchIsOver();
    chunks.placing().ask();
    heard.arrivals().tell();
  }

  private void take(ChangeBatch.Entry entry) {
    if (entry instanceof Committed committed) {
      heard.add(committed);
      // Before the rest, so that of their own transaction too nothing behind them is told.
      committed
          .revocations()
          .forEach(revoked -> endings.revoke(revoked.revocation(), revoked.position()));
      committed.inOrder(this::route, chunks::take);
      streams.take(committed);
    } else if (entry instanceof Oversized oversized) {
      heard.missed(oversized);
      index.all().stream()
          .filter(subscription -> concerns(oversized, subscription))
          .forEach(Subscription::resyncNow);
      chunks.missed(oversized);
      streams.missed(oversized);
      tallies.missed(oversized);
    } else if (entry instanceof ChangeBatch.Horizon horizon) {
      passHorizon(horizon);
    }
  }

  private void route(RunChanged change) {
    chunks.hear(change);
    List<Feed> feeds = index.matching(change);
    if (feeds.isEmpty()) {
      return;
    }
    Telling telling = telling(change);
    for (Feed feed : feeds) {
      boolean now = feed.filter.matches(change.run());
      boolean before = feed.filter.matchedBefore(change);
      if (now || before) {
        tallies.take(feed.filter, change);
        Telling.Kind kind = Telling.Kind.of(now, before);
        for (Subscription subscription : feed.subscriptions) {
          subscription.offer(telling, kind);
        }
      }
    }
  }

  private static boolean concerns(Oversized missed, Subscription subscription) {
    return missed.concerns(subscription.filter())
        || (ChunkIntake.tellsOfSeveral(subscription)
            && missed.concernsChunks(subscription.filter().environment()));
  }

  private void passHorizon(ChangeBatch.Horizon passed) {
    boolean wasSilent = freshness.hears();
    heard.pass(passed);
    audience.forEachUnsettled(Subscription::horizonPassed);
    streams.horizonPassed();
    chunks.placing().horizonPassed();
    if (wasSilent) {
      index.all().forEach(Subscription::tellFreshness);
    }
    tallies.horizonPassed();
    heard.horizons().tell();
  }

  private List<Revocable> everybody() {
    List<Revocable> everybody = new ArrayList<>();
    index.all().forEach(subscription -> everybody.add(subscription.served()));
    everybody.addAll(streams.all());
    return everybody;
  }

  private void resyncAll() {
    index.all().forEach(Subscription::resyncNow);
  }

  // From subscriptions and those who open them.

  /** From here on the subscription is reached by resyncs and, once live, by changes. */
  public void add(Subscription subscription) {
    audience.add(subscription);
    if (isStale()) {
      subscription.tellFreshness();
    }
  }

  /** What it has heard of the log: for those who read, who must know how far that is. */
  public HeardLog heard() {
    return heard;
  }

  /** Once a second or so: notices silence of the log and clients that take nothing. */
  public void tick() {
    if (freshness.fallsSilent()) {
      index.all().forEach(Subscription::tellFreshness);
    }
    endings.tick();
    audience.endStuck(budgets.stuckAfter);
    tallies.tick();
  }

  /** Hangs up on everybody; they come back with the cursors they have. */
  public void endAll(CloseCode code) {
    index.all().forEach(subscription -> subscription.end(code));
    streams.breakOffAll();
  }

  /** Who is told something by somebody's word, which may be taken back. */
  public Endings endings() {
    return endings;
  }

  /** Whose chunks are, of runs that are not known: they are to be read. */
  public Placing placing() {
    return chunks.placing();
  }

  ChunkRoutes chunks() {
    return chunks;
  }

  /** Those who read streams. */
  public StreamReaders streams() {
    return streams;
  }

  /** What feeds add up to. */
  public Tallies tallies() {
    return tallies;
  }

  /** Whether the log has been silent for too long. */
  public boolean isStale() {
    return freshness.isStale();
  }

  /** How many frames were handed to subscribers. */
  public long deliveredCount() {
    return delivered;
  }

  /** Who is served. */
  public Audience audience() {
    return audience;
  }

  Telling telling(RunChanged change) {
    return new Telling(change, heard.cursorOf(change.position()));
  }

  /** What a subscription that is live has to say of itself: that, or that the log is silent. */
  SharedFrame freshness() {
    return freshness.frame();
  }

  long outboxBudget() {
    return budgets.outboxBytes;
  }

  void countDelivered() {
    delivered++;
  }
}
