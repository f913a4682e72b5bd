package dev.runcast.subscribe;

import dev.runcast.hub.Hub;
import dev.runcast.hub.Resync;
import dev.runcast.hub.RunToRead;
import dev.runcast.hub.Sink;
import dev.runcast.hub.Subscription;
import dev.runcast.hub.SubscriptionOptions;
import dev.runcast.hub.chunk.Placing;
import dev.runcast.hub.tally.Recount;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.subscribe.revocation.RevocationWatch;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Register, then resume or read, then live; and every reading again. One for each hub, on the hub's
 * event loop.
 */
public final class SubscribeFlow implements Resync {
  private static final Duration RETRY = Duration.ofMillis(500);

  private record OneKey(EnvironmentId environment, RunId run) {}

  private final Hub hub;
  private final FeedReader reader;
  private final Recount recount;
  private final ReadGate gate;
  private final BiConsumer<Duration, Runnable> later;
  private final RevocationWatch revocations;

  /**
   * @param recount what feeds are added up by
   * @param concurrentReads how many reads may be under way at once
   * @param later runs something on this event loop after about that long, with jitter
   */
  public SubscribeFlow(
      Hub hub,
      FeedReader reader,
      Recount recount,
      int concurrentReads,
      BiConsumer<Duration, Runnable> later,
      RevocationWatch revocations) {
    this.hub = hub;
    this.reader = reader;
    this.recount = recount;
    this.gate = new ReadGate(concurrentReads, hub, revocations);
    this.later = later;
    this.revocations = revocations;
    hub.placing().readBy(this::place);
  }

  /**
   * Serves a request. From the moment this returns, nothing that concerns it is missed; the first
   * frames come once the table was read, or at once where the cursor allows it.
   */
  public Subscription open(SubscribeRequest request, Sink sink) {
    // A run that was done before the cursor would never be told again: its one row is read anew,
    // but not its chunks.
    boolean anew = request.stopOnCompletion() && request.streams() == null;
    Cursor after = anew ? null : request.after();
    Subscription subscription = register(request, after, sink);
    boolean fromNow = request.fromNow() && after == null && !request.stopOnCompletion();
    if (!request.sums().isNone() && !subscription.isClosed()) {
      subscription.sum(request.sums(), recount);
    }
    if (request.rows()) {
      hub.heard().horizons().whenKnown(() -> start(subscription, fromNow));
    }
    return subscription;
  }

  /** Serves one more turn of a client that hears by turns. */
  public Subscription open(SubscribeRequest request, Bookmark bookmark, Sink sink) {
    Subscription subscription = register(request, bookmark.cursor(), sink);
    hub.heard().horizons().whenKnown(() -> start(subscription, bookmark));
    return subscription;
  }

  private Subscription register(SubscribeRequest request, @Nullable Cursor after, Sink sink) {
    Subscription subscription =
        new Subscription(
            hub,
            request.filter(),
            sink,
            this,
            new SubscriptionOptions(
                after,
                request.rows(),
                request.fromNow(),
                request.stopOnCompletion(),
                request.sample(),
                request.streams(),
                request.repair()));
    hub.add(subscription);
    // What the hub has heard meanwhile is known; what it hears from here on finds this one.
    if (revocations.isRevoked(sink.bearer())) {
      subscription.served().revoke(null);
    }
    return subscription;
  }

  private void start(Subscription subscription, Bookmark bookmark) {
    if (subscription.isClosed()) {
      return;
    }
    if (hub.heard().covers(bookmark) && revocations.hasHeardAll()) {
      subscription.open().resume(bookmark);
    } else {
      again(subscription);
    }
  }

  /** Whether a row of this transaction is one that the bookmark's client was given, for certain. */
  public boolean wasShown(Bookmark bookmark, long xid) {
    return hub.heard().wasShown(bookmark, xid);
  }

  private void start(Subscription subscription, boolean fromNow) {
    if (subscription.isClosed()) {
      return;
    }
    if (fromNow) {
      hub.heard().now().ifPresent(subscription::beginAfter);
    }
    Cursor after = subscription.lastCursor();
    if (after != null
        && hub.heard().covers(after)
        && revocations.hasHeardAll()
        && subscription.toRepair().isEmpty()
        && !subscription.stopsOnCompletion()) {
      subscription.open().resume(after);
    } else {
      again(subscription);
    }
  }

  @Override
  public void again(Subscription subscription) {
    Opening opening = new Opening(hub, reader, gate, subscription, this::retryLater);
    hub.heard().horizons().whenKnown(() -> beginIfCurrent(opening));
  }

  private static void beginIfCurrent(Opening opening) {
    if (opening.isCurrent()) {
      opening.begin();
    }
  }

  private void retryLater(Opening opening) {
    later.accept(
        RETRY,
        () -> {
          if (opening.isCurrent()) {
            again(opening.subscription());
          }
        });
  }

  @Override
  public void one(Subscription subscription, RunId run) {
    EnvironmentId environment = subscription.filter().environment();
    StreamSelection streams = subscription.streams();
    if (streams != null) {
      RunToRead wanted = subscription.intake().beginReading(run);
      if (wanted != null) {
        new RunReading(reader, gate, wanted, environment, streams).begin();
      }
      return;
    }
    long asked = subscription.intake().versionToRead(run);
    gate.read(
        new OneKey(environment, run),
        () -> reader.one(environment, run),
        (answer, pin) -> {
          if (answer.succeeded()) {
            subscription
                .intake()
                .readOne(run, asked, answer.result().visibility(), answer.result().run());
          }
        });
  }

  /** Reads a run for the hub, which does not know whose its chunks are. */
  private void place(Placing.Asked asked) {
    gate.read(
        new OneKey(asked.environment(), asked.run()),
        () -> reader.one(asked.environment(), asked.run()),
        (answer, pin) -> {
          if (answer.succeeded()) {
            hub.placing().placed(asked, answer.result().visibility(), answer.result().run(), pin);
          } else {
            hub.placing().failed(asked);
          }
        });
  }
}
