package dev.runcast.http.realtime.sse;

import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.FeedRequest;
import dev.runcast.http.realtime.Rounds;
import dev.runcast.hub.Sink;
import dev.runcast.hub.Subscription;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.subscribe.Limits;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Columns;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber's connection, from the head of the response to its end. It ends once: when the hub
 * says so, when its time is over, or when the client is gone; then the subscription is closed and
 * the place is given back. There are thousands of these, mostly idle: each field counts.
 */
final class SseSink extends Rounds.Guest implements Sink {
  private static final Logger log = LoggerFactory.getLogger(SseSink.class);

  /** What is left to a client that has stopped reading, before the connection is broken off. */
  static final long ABORT_AFTER_MILLIS = 2_000;

  private final SseLoop loop;
  private final EventWriter writer;
  private final Columns columns;
  private final String idSuffix;
  private final End end;
  private final Limits.Lease lease;
  private final Bearer bearer;

  private @Nullable Subscription subscription;
  private @Nullable Cursor lastCursor;
  private boolean heard;
  private boolean endIsNear;
  private boolean warned;
  private boolean closed;

  /** When a connection must end at the latest, in milliseconds since 1970, and why then. */
  record End(long atMillis, CloseCode code) {}

  /**
   * @param lease its place, given back when it ends
   */
  SseSink(SseLoop loop, EventWriter writer, FeedRequest feed, End end, Limits.Lease lease) {
    this.loop = loop;
    this.writer = writer;
    this.columns = loop.feeds().shared(feed.subscribe().columns());
    this.idSuffix = feed.idSuffix();
    this.end = end;
    this.lease = lease;
    this.bearer = feed.bearer();
    loop.feeds().rounds().add(this);
    watchEnd(loop.feeds().now());
  }

  /** What to close when the connection ends; closed at once if it has. */
  void serve(Subscription served) {
    subscription = served;
    if (closed) {
      served.close();
    }
  }

  /** Before the first frame: tells the client after how long to come back. */
  void greet(int comeBackAfterMillis) {
    writer.write(Buffer.buffer("retry: " + comeBackAfterMillis + "\n\n"));
  }

  /** Never throws: a change goes to many sinks in turn, and what ails one must not stop it. */
  @Override
  public void write(SharedFrame frame, @Nullable Cursor cursor) {
    if (closed) {
      return;
    }
    lastCursor = cursor;
    heard = true;
    try {
      writer.write(bytes(frame, cursor));
    } catch (RuntimeException | OutOfMemoryError broken) {
      breakOff(broken);
    }
  }

  private Buffer bytes(SharedFrame frame, @Nullable Cursor cursor) {
    return cursor == null || idSuffix.isEmpty()
        ? frame.sse(columns, cursor)
        : frame.sseWithOwnId(columns, cursor + idSuffix);
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
  public Bearer bearer() {
    return bearer;
  }

  @Override
  public void close(CloseCode code) {
    close(loop.feeds().end(code));
  }

  @Override
  public void revoke(@Nullable Position position) {
    close(FeedLoop.revoked(position));
  }

  private void close(SharedFrame why) {
    if (!closed) {
      closed = true;
      try {
        tellEnd(why);
      } finally {
        letGo();
      }
    }
  }

  private void tellEnd(SharedFrame why) {
    try {
      writer.write(bytes(why, lastCursor));
      breakOffUnlessTaken(writer.end());
    } catch (RuntimeException | OutOfMemoryError broken) {
      log.warn("a feed did not end in good order end={}", why.frame(), broken);
      writer.abort();
    }
  }

  /** By then the connection may long be another request's, so it is the last byte that counts. */
  private void breakOffUnlessTaken(Future<Void> taken) {
    if (!taken.isComplete()) {
      loop.feeds()
          .later(
              ABORT_AFTER_MILLIS,
              () -> {
                if (!taken.isComplete()) {
                  writer.abort();
                }
              });
    }
  }

  /** Ends the subscription, and with it the connection. */
  @Override
  protected void end(CloseCode code) {
    if (subscription == null) {
      close(code);
    } else {
      subscription.end(code);
    }
  }

  /** The client has left, or the network between. */
  void gone() {
    if (!closed) {
      closed = true;
      letGo();
    }
  }

  /** What it tells can't be told: the client finds its connection broken, and comes back. */
  void breakOff(Throwable cause) {
    if (!closed) {
      log.warn("a feed breaks off", cause);
      closed = true;
      try {
        writer.abort();
      } finally {
        letGo();
      }
    }
  }

  /** Gives back all that it holds; once, since whoever closes it comes by here. */
  private void letGo() {
    loop.feeds().rounds().remove(this);
    lease.release();
    if (subscription != null) {
      subscription.close();
    }
  }

  /** Once in a round: says that it is still there, unless something else was said since. */
  @Override
  protected void visit(long now) {
    if (!heard) {
      ping();
    }
    heard = false;
    if (!closed) {
      watchEnd(now);
    }
  }

  private void ping() {
    try {
      if (!writer.isFull()) {
        writer.write(loop.ping());
      }
    } catch (RuntimeException | OutOfMemoryError broken) {
      breakOff(broken);
    }
  }

  /** Only a connection in its last round, or the last before a warning, has a timer. */
  private void watchEnd(long now) {
    long left = end.atMillis - now;
    long untilWarning = left - FeedLoop.WARN_MILLIS;
    if (end.code == CloseCode.TOKEN_EXPIRED && !warned && untilWarning <= loop.feeds().round()) {
      warned = true;
      loop.feeds().later(untilWarning, this::warn);
    }
    if (!endIsNear && left <= loop.feeds().round()) {
      endIsNear = true;
      loop.feeds().later(left, () -> end(end.code));
    }
  }

  /** Comes back with a new token and the same cursor, at no cost, who hears of it in time. */
  private void warn() {
    Instant at = Instant.ofEpochMilli(end.atMillis);
    write(new SharedFrame(new Frame.TokenExpiring(at)), lastCursor);
  }
}
