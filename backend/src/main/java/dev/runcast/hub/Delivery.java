package dev.runcast.hub;

import dev.runcast.hub.revocation.Revocable;
import dev.runcast.hub.told.Claim;
import dev.runcast.hub.told.Told;
import dev.runcast.hub.waiting.ChunkTelling;
import dev.runcast.hub.waiting.Outbox;
import dev.runcast.hub.waiting.Pending;
import dev.runcast.hub.waiting.Telling;
import dev.runcast.hub.waiting.Withheld;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The way from one subscription to its client: a frame goes out at once while the client keeps up
 * and waits otherwise, and goes out with the cursor that may be claimed once it was taken. Owned by
 * the hub's event loop.
 */
final class Delivery implements Revocable {
  private final Subscription subscription;
  private final Hub hub;
  private final Sink sink;
  private final boolean stopOnCompletion;
  final Told told = new Told();
  final Withheld withheld;
  private @Nullable Cursor lastCursor;
  private @Nullable Queue<Runnable> whenDrained;

  Delivery(Subscription subscription, Hub hub, Sink sink, SubscriptionOptions options) {
    this.subscription = subscription;
    this.hub = hub;
    this.sink = sink;
    this.stopOnCompletion = options.stopOnCompletion();
    this.withheld = new Withheld(options.sample().toMillis());
    this.lastCursor = options.after();
  }

  /** What the client would resume with now; null before anything was sent. */
  @Nullable Cursor lastCursor() {
    return lastCursor;
  }

  /** The place up to which the client may say that it was told everything; null for none. */
  @Nullable Position claimed() {
    boolean isOfNow =
        lastCursor != null
            && hub.heard().incarnation().filter(lastCursor.incarnation()::equals).isPresent();
    return lastCursor == null || !isOfNow ? null : lastCursor.position();
  }

  boolean stopsOnCompletion() {
    return stopOnCompletion;
  }

  void resumeFrom(@Nullable Cursor cursor) {
    lastCursor = cursor;
  }

  /** For a client that leaves now and goes on by another turn. */
  Claim claim() {
    return new Claim(told, withheld, lastCursor, hub.heard());
  }

  /** Whether nothing about the past is left to be proven or read. */
  boolean isProven() {
    return !told.restsOnSnapshot() && !told.hasHole() && withheld.isAllRead();
  }

  boolean isFull() {
    return sink.isFull();
  }

  /** Whether the next frame would go out at once. */
  boolean isClear() {
    return withheld.isOutboxEmpty() && !sink.isFull();
  }

  /** The common case: nothing is held back, so everybody shares frame and cursor. */
  void sendAtOnce(Telling telling, Telling.Kind kind) {
    Cursor cursor = told.reach(telling.cursor());
    lastCursor = cursor;
    write(telling.frame(kind));
  }

  /** The same of chunks. */
  void sendAtOnce(ChunkTelling telling) {
    lastCursor = told.reach(telling.cursor());
    write(telling.frame());
  }

  void sendOrKeep(ChunkTelling telling) {
    if (isClear()) {
      send(telling.frame(), telling.position(), null);
    } else {
      withheld.keep(telling);
      hub.audience().stragglers().fallsBehind(subscription);
    }
  }

  void sendOrKeep(Pending news) {
    SharedFrame frame = news.frame();
    if (isClear()) {
      send(frame, news.newest().position(), null);
    } else {
      withheld.keep(news, frame);
      hub.audience().stragglers().fallsBehind(subscription);
    }
  }

  /**
   * @param newest the place that is reached by sending it; null for a frame that moves nothing
   * @param cursor its own cursor, for a frame of a read
   */
  void sendOrKeep(SharedFrame frame, @Nullable Position newest, @Nullable Cursor cursor) {
    if (isClear()) {
      send(frame, newest, cursor);
    } else {
      withheld.keep(frame, newest, cursor);
      hub.audience().stragglers().fallsBehind(subscription);
    }
  }

  private void send(SharedFrame frame, @Nullable Position newest, @Nullable Cursor cursor) {
    if (newest != null) {
      told.reach(newest);
      lastCursor = told.cursor(hub.heard(), oldest());
    } else if (cursor != null) {
      lastCursor = cursor;
    }
    write(frame);
  }

  /** The first place that is not told. */
  private @Nullable Position oldest() {
    ChunkIntake chunks = subscription.chunks();
    return Withheld.first(withheld.oldest(), chunks == null ? null : chunks.unplaced());
  }

  private void write(SharedFrame frame) {
    hub.countDelivered();
    sink.write(frame, lastCursor);
    if (stopOnCompletion && frame.frame().tellsCompletion()) {
      subscription.end(CloseCode.RUN_FINISHED);
    }
  }

  /** Runs the callback once the client has taken what waits, at once if nothing does. */
  void whenDrained(Runnable callback) {
    if (isClear()) {
      callback.run();
    } else {
      whenDrained = whenDrained == null ? new ArrayDeque<>(1) : whenDrained;
      whenDrained.add(callback);
      hub.audience().stragglers().fallsBehind(subscription);
    }
  }

  /** The sink takes frames again: sends what waits until it is full. */
  void drain() {
    Outbox.Waiting next = sink.isFull() ? null : withheld.poll();
    while (next != null) {
      send(next.frame(), next.newest(), next.cursor());
      next = sink.isFull() ? null : withheld.poll();
    }
    if (isClear()) {
      hub.audience().stragglers().catchesUp(subscription);
      runWaiting();
    }
  }

  /** Those who wait for the client, one after the other, as long as it takes what they write. */
  private void runWaiting() {
    Queue<Runnable> waiting = whenDrained;
    while (waiting != null && isClear()) {
      Runnable next = waiting.poll();
      if (next == null) {
        whenDrained = null;
        return;
      }
      next.run();
      waiting = whenDrained;
    }
    if (waiting != null) {
      hub.audience().stragglers().fallsBehind(subscription);
    }
  }

  boolean isOverBudget() {
    return withheld.weight() > hub.outboxBudget();
  }

  /**
   * Drops all that waits, for the client will be read for again: once it has drained, if it is
   * slow.
   */
  void giveUp() {
    clear();
    if (sink.isFull()) {
      hub.audience().stragglers().givesUp(subscription);
    } else {
      hub.audience().unsettles(subscription);
    }
  }

  /** Drops all that waits. */
  void clear() {
    withheld.clear();
    whenDrained = null;
  }

  // Its end.

  @Override
  public Bearer bearer() {
    return sink.bearer();
  }

  /** What waits is dropped with it: it was committed before, and is told to nobody now. */
  @Override
  public void revoke(@Nullable Position position) {
    if (!subscription.isClosed()) {
      subscription.close();
      sink.revoke(position);
    }
  }

  @Override
  public void warnOfEnd(Instant end) {
    if (subscription.isLive() || subscription.isOpening()) {
      sendOrKeep(new SharedFrame(new Frame.TokenExpiring(end)), null, null);
    }
  }

  @Override
  public void expire() {
    subscription.end(CloseCode.TOKEN_EXPIRED);
  }

  /** Tells the client why, and that this is all. */
  void hangUp(CloseCode code) {
    sink.close(code);
  }
}
