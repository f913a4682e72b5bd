package dev.runcast.http.realtime;

import dev.runcast.hub.Sink;
import dev.runcast.hub.Subscription;
import dev.runcast.run.Cursor;
import dev.runcast.subscribe.Limits;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Columns;
import dev.runcast.wire.SharedFrame;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's connection, from the head of the response to its end. It ends once: when the hub
 * says so, when its time is over, or when the client is gone; then the subscription is closed and
 * the place is given back. There are thousands of these, mostly idle: each field counts.
 */
final class SseSink implements Sink {
  /** What is left to a client that has stopped reading, before the connection is broken off. */
  private static final long ABORT_AFTER_MILLIS = 2_000;

  private final SseLoop loop;
  private final EventWriter writer;
  private final Columns columns;
  private final String idSuffix;
  private final End end;

  private @Nullable Subscription subscription;
  private Limits.@Nullable Lease lease;
  private @Nullable Cursor lastCursor;
  private int place;
  private int seat;
  private boolean heard;
  private boolean endIsNear;
  private boolean closed;

  /** When a connection must end at the latest, in milliseconds since 1970, and why then. */
  record End(long atMillis, CloseCode code) {}

  SseSink(SseLoop loop, EventWriter writer, FeedRequest feed, End end) {
    this.loop = loop;
    this.writer = writer;
    this.columns = feed.subscribe().columns();
    this.idSuffix = feed.idSuffix();
    this.end = end;
    loop.rounds().add(this);
    watchEnd(loop.now());
  }

  /** What to close when the connection ends; closed at once if it has. */
  void serve(Subscription subscription, Limits.Lease lease) {
    this.subscription = subscription;
    this.lease = lease;
    if (closed) {
      letGo();
    }
  }

  @Override
  public void write(SharedFrame frame, @Nullable Cursor cursor) {
    if (!closed) {
      lastCursor = cursor;
      send(bytes(frame, cursor));
    }
  }

  private Buffer bytes(SharedFrame frame, @Nullable Cursor cursor) {
    return cursor == null || idSuffix.isEmpty()
        ? frame.sse(columns, cursor)
        : frame.sseWithOwnId(columns, cursor + idSuffix);
  }

  private void send(Buffer bytes) {
    heard = true;
    writer.write(bytes);
  }

  @Override
  public boolean isFull() {
    return closed || writer.isFull();
  }

  @Override
  public void onDrain(Runnable drained) {
    writer.onDrain(
        () -> {
          if (!closed) {
            drained.run();
          }
        });
  }

  @Override
  public void close(CloseCode code) {
    if (closed) {
      return;
    }
    write(loop.end(code), lastCursor);
    leave();
    writer.end();
    if (writer.isFull()) {
      loop.later(ABORT_AFTER_MILLIS, writer::abort);
    }
    letGo();
  }

  /** Ends the subscription, and with it the connection. */
  void end(CloseCode code) {
    if (subscription == null) {
      close(code);
    } else {
      subscription.end(code);
    }
  }

  /** The client has left, or the network between. */
  void gone() {
    if (!closed) {
      leave();
      letGo();
    }
  }

  private void leave() {
    closed = true;
    loop.rounds().remove(this);
  }

  private void letGo() {
    if (subscription != null) {
      subscription.close();
    }
    if (lease != null) {
      lease.release();
    }
  }

  /** Once in a round: says that it is still there, unless something else was said since. */
  void visit(long now) {
    if (!heard && !writer.isFull()) {
      writer.write(loop.ping());
    }
    heard = false;
    watchEnd(now);
  }

  /** Only a connection in its last round has a timer. */
  private void watchEnd(long now) {
    long left = end.atMillis - now;
    if (!endIsNear && left <= loop.round()) {
      endIsNear = true;
      loop.later(left, () -> end(end.code));
    }
  }

  // Its place in the rounds, owned by them.

  void seat(int place, int seat) {
    this.place = place;
    this.seat = seat;
  }

  int place() {
    return place;
  }

  int seat() {
    return seat;
  }
}
