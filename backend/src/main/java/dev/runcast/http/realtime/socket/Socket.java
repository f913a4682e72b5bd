package dev.runcast.http.realtime.socket;

import dev.runcast.http.auth.Principal;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.Rounds;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Columns;
import dev.runcast.wire.WebSocketFraming;
import io.netty.channel.Channel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: hands its messages to a {@link Subscriber} and carries the answers.
 * Reading stops while too much is under way or the client does not read itself, so that what it can
 * make us keep is bounded whatever it sends. Confined to its event loop.
 */
final class Socket extends Rounds.Guest {
  private static final Logger log = LoggerFactory.getLogger(Socket.class);

  /** How many rounds of pings a client may leave unanswered. */
  private static final int MOST_SILENT_ROUNDS = 2;

  /** What is left to a client that has stopped reading, before the connection is broken off. */
  private static final long ABORT_AFTER_MILLIS = 2_000;

  /** How long a client may take nothing of what waits for it. */
  private static final long STUCK_MILLIS = 60_000;

  private static final short PROTOCOL_ERROR = 1002;
  private static final short NOT_TEXT = 1003;
  private static final short TOO_LONG = 1009;

  private final ServerWebSocket connection;
  private final Channel channel;
  private final FeedLoop loop;
  private final Subscriber subscriber;
  private final Turns turns = new Turns();
  private final long endOfAge;

  private int silentRounds;
  private long fullSince;
  private boolean paused;
  private boolean closed;

  /**
   * @param channel below the connection, for when the client does not let it be closed in good
   *     order
   */
  Socket(
      ServerWebSocket connection,
      Channel channel,
      SocketFeeds feeds,
      @Nullable Principal principal) {
    this.connection = connection;
    this.channel = channel;
    this.loop = feeds.loop();
    this.subscriber = new Subscriber(this, feeds, principal);
    this.endOfAge = loop.endOfAge();
  }

  /** Begins to listen. */
  void open() {
    loop.rounds().add(this);
    connection.exceptionHandler(this::broke);
    connection.closeHandler(gone -> gone());
    connection.drainHandler(drained -> drained());
    connection.pongHandler(pong -> silentRounds = 0);
    connection.binaryMessageHandler(binary -> hangUp(NOT_TEXT, "commands are text of JSON"));
    connection.textMessageHandler(this::take);
  }

  FeedLoop loop() {
    return loop;
  }

  Turns turns() {
    return turns;
  }

  Subscriber subscriber() {
    return subscriber;
  }

  boolean isClosed() {
    return closed;
  }

  private void take(String text) {
    silentRounds = 0;
    if (!closed) {
      subscriber.take(text);
      readOnlyWhileAnswersAreTaken();
    }
  }

  /**
   * A message that is too long in many frames is told as an illegal state, and the rest of it would
   * follow; one frame of that length is told as a corrupted one.
   */
  private void broke(Throwable cause) {
    log.debug("socket broke cause={}", cause.toString());
    if (isTooLong(cause)) {
      hangUp(TOO_LONG, "a message is longer than 64 KiB");
    } else {
      hangUp(PROTOCOL_ERROR, "a frame can't be read");
    }
  }

  private static boolean isTooLong(Throwable cause) {
    return cause instanceof IllegalStateException
        || cause instanceof TooLongFrameException
        || (cause instanceof CorruptedWebSocketFrameException frame
            && frame.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG));
  }

  /** To be called whenever something that was under way is answered. */
  void readOnlyWhileAnswersAreTaken() {
    boolean mustWait = isFull() || subscriber.isBusy();
    if (mustWait && !paused) {
      paused = true;
      connection.pause();
    } else if (!mustWait && paused) {
      paused = false;
      connection.resume();
    }
  }

  /** Writes one message; what fails to go out breaks the connection off. Never throws. */
  void send(byte[] text) {
    if (closed) {
      return;
    }
    try {
      connection.writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, text, true));
    } catch (RuntimeException | OutOfMemoryError broken) {
      log.warn("a socket breaks off", broken);
      abort();
    }
  }

  boolean isFull() {
    return closed || connection.writeQueueFull();
  }

  private void drained() {
    fullSince = 0;
    turns.give(this::isFull);
    readOnlyWhileAnswersAreTaken();
  }

  @Override
  protected void visit(long now) {
    if (now >= endOfAge) {
      end(CloseCode.MAX_AGE);
    } else if (isStuck(now)) {
      end(CloseCode.SLOW_CONSUMER);
    } else if (!paused && silentRounds > MOST_SILENT_ROUNDS) {
      end(CloseCode.SILENT);
    } else {
      ping();
      subscriber.watchEnds(now);
    }
  }

  private boolean isStuck(long now) {
    if (!isFull()) {
      fullSince = 0;
    } else if (fullSince == 0) {
      fullSince = now;
    }
    return fullSince != 0 && now - fullSince > STUCK_MILLIS;
  }

  private void ping() {
    if (!paused) {
      silentRounds++;
    }
    if (!isFull()) {
      connection.writePing(Buffer.buffer());
    }
  }

  /** Tells the client why and closes; what its subscriptions waited to send is dropped. */
  @Override
  protected void end(CloseCode code) {
    if (!closed) {
      byte[] end = loop.end(code).json(Columns.ALL);
      send(WebSocketFraming.message(WebSocketFraming.beginning(), "end", end, null));
      hangUp(status(code), code.reason());
    }
  }

  /**
   * What clients that only see the status go by: 1001, 1011 and 4000 to 4099 are worth coming back
   * from.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-7.4">RFC 6455, 7.4</a>
   */
  private static short status(CloseCode code) {
    return switch (code) {
      case SHUTDOWN -> 1001;
      case INTERNAL -> 1011;
      case MAX_AGE -> 4000;
      case SLOW_CONSUMER -> 4001;
      case SILENT -> 4002;
      default -> 4003;
    };
  }

  private void hangUp(short status, String reason) {
    if (closed) {
      return;
    }
    connection.close(status, reason);
    gone();
    loop.later(ABORT_AFTER_MILLIS, this::abort);
  }

  /** The close frame of who does not read would wait as long as everything before it. */
  @SuppressWarnings("FutureReturnValueIgnored") // the close handler tells
  private void abort() {
    channel.close();
    gone();
  }

  private void gone() {
    if (!closed) {
      closed = true;
      loop.rounds().remove(this);
      subscriber.gone();
    }
  }
}
