package dev.runcast.http.realtime.socket;

import static java.util.Objects.requireNonNull;

import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.FeedRequest;
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
import dev.runcast.wire.WebSocketFraming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of a socket, from the command that asks for it to its end: before it is admitted
 * it only holds its name. There are a hundred times as many of these as sockets: each field counts.
 */
final class SocketSink implements Sink {
  private static final long NEVER = Long.MAX_VALUE;

  /** Owned by {@link Turns}. */
  boolean awaitsTurn;

  private final Socket socket;
  private final byte[] beginning;
  private final ClientCommand.Subscribe command;

  private Columns columns = Columns.ALL;
  private String idSuffix = "";
  private Limits.@Nullable Lease lease;
  private @Nullable Bearer bearer;
  private @Nullable Subscription subscription;
  private @Nullable Runnable onDrain;
  private @Nullable Cursor lastCursor;
  private long expiresAt = NEVER;
  private long alarm = NEVER;
  private boolean warned;
  private boolean closed;

  /**
   * @param beginning of its messages
   */
  SocketSink(Socket socket, ClientCommand.Subscribe command, byte[] beginning) {
    this.socket = socket;
    this.command = command;
    this.beginning = beginning;
  }

  /** How it was asked for. */
  ClientCommand.Subscribe command() {
    return command;
  }

  byte[] beginning() {
    return beginning;
  }

  boolean isClosed() {
    return closed;
  }

  /** It is let in: what it may hold and see, until when. */
  void admitted(FeedRequest feed, Limits.Lease taken) {
    columns = socket.loop().shared(feed.subscribe().columns());
    idSuffix = feed.idSuffix();
    bearer = feed.bearer();
    lease = taken;
    Instant until = feed.bearer().until();
    expiresAt = until == null ? NEVER : until.toEpochMilli();
    watchEnd(socket.loop().now());
  }

  /** What to close when it ends; closed at once if it has. */
  void serve(Subscription served) {
    subscription = served;
    if (closed) {
      served.close();
    }
  }

  /** Whether a token that gives this may take over. */
  boolean isOf(FeedRequest feed) {
    return subscription != null
        && subscription.filter().environment().equals(feed.subscribe().filter().environment())
        && columns.equals(feed.subscribe().columns());
  }

  /** Goes on under another token. */
  void renewed(Bearer by, Limits.Lease taken) {
    if (lease != null) {
      lease.release();
    }
    bearer = by;
    lease = taken;
    expiresAt = by.until() == null ? NEVER : by.until().toEpochMilli();
    warned = false;
    watchEnd(socket.loop().now());
  }

  @Override
  public void write(SharedFrame frame, @Nullable Cursor cursor) {
    if (!closed) {
      lastCursor = cursor;
      send(frame);
    }
  }

  private void send(SharedFrame frame) {
    String id = lastCursor == null ? null : lastCursor + idSuffix;
    socket.send(
        WebSocketFraming.message(beginning, frame.frame().event(), frame.json(columns), id));
  }

  @Override
  public boolean isFull() {
    if (closed) {
      return true;
    }
    boolean full = socket.isFull();
    if (full) {
      socket.turns().await(this);
    }
    return full;
  }

  @Override
  public void onDrain(Runnable drained) {
    onDrain = drained;
  }

  /** It is its turn to send. */
  void drained() {
    if (!closed && onDrain != null) {
      onDrain.run();
    }
  }

  @Override
  public Bearer bearer() {
    return requireNonNull(bearer, "nothing is told before it is let in");
  }

  @Override
  public void revoke(@Nullable Position position) {
    if (!closed) {
      send(FeedLoop.revoked(position));
      gone();
    }
  }

  @Override
  public void close(CloseCode code) {
    if (!closed) {
      send(socket.loop().end(code));
      gone();
      if (code == CloseCode.SLOW_CONSUMER) {
        // What one subscription can't send, none of the socket can.
        socket.end(code);
      }
    }
  }

  /** Ends it, and tells the client why. */
  void end(CloseCode code) {
    if (subscription == null) {
      close(code);
    } else {
      subscription.end(code);
    }
  }

  /** Gives back all that it holds. */
  void gone() {
    if (!closed) {
      closed = true;
      socket.subscriber().forget(this);
      if (lease != null) {
        lease.release();
      }
      if (subscription != null) {
        subscription.close();
      }
    }
  }

  /**
   * Warns of the end of its token, and ends it then. To be called at least once in a round: only
   * what comes before the next one has a timer.
   */
  void watchEnd(long now) {
    if (closed || expiresAt == NEVER) {
      return;
    }
    long left = expiresAt - now;
    if (left <= 0) {
      end(CloseCode.TOKEN_EXPIRED);
      return;
    }
    if (!warned && left <= FeedLoop.WARN_MILLIS) {
      warned = true;
      send(new SharedFrame(new Frame.TokenExpiring(Instant.ofEpochMilli(expiresAt))));
    }
    wakeIn(warned ? left : left - FeedLoop.WARN_MILLIS, now);
  }

  private void wakeIn(long millis, long now) {
    FeedLoop loop = socket.loop();
    long at = now + millis;
    if (millis <= loop.round() && (alarm <= now || at < alarm)) {
      alarm = at;
      loop.later(
          millis,
          () -> {
            alarm = NEVER;
            watchEnd(loop.now());
          });
    }
  }
}
