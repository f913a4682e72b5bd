package dev.runcast.http.stream;

import dev.runcast.http.realtime.sse.EventWriter;
import dev.runcast.hub.stream.StreamReader;
import dev.runcast.hub.stream.StreamSink;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.subscribe.Limits;
import dev.runcast.wire.SharedSegment;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's connection. These clients take an orderly end for the end of the stream and come
 * back after any other, so it ends in order only when the stream does, or has been silent for as
 * long as its client would wait; otherwise the connection is broken off.
 */
final class StreamConnection implements StreamSink {
  private static final Logger log = LoggerFactory.getLogger(StreamConnection.class);

  private static final Buffer GREETING = Buffer.buffer(": ok\n\n");
  private static final Buffer PING = Buffer.buffer(": ping\n\n");
  private static final long PING_MILLIS = 10_000;

  /** How long a client may take nothing. */
  private static final long STUCK_MILLIS = 60_000;

  private final StreamLoop loop;
  private final EventWriter writer;
  private final Limits.Lease lease;
  private final long patienceMillis;
  private final Bearer bearer;
  private final long endsAt;

  private @Nullable StreamReader reader;
  private long lastChunk;
  private long lastWord;
  private long lastTaken;
  private boolean closed;

  /**
   * @param lease its place, given back when it ends
   * @param patience how long nothing may come until the stream counts as over
   * @param bearer by whose word
   */
  StreamConnection(
      StreamLoop loop, EventWriter writer, Limits.Lease lease, Duration patience, Bearer bearer) {
    this.loop = loop;
    this.writer = writer;
    this.lease = lease;
    this.patienceMillis = patience.toMillis();
    this.bearer = bearer;
    Instant until = bearer.until();
    this.endsAt = until == null ? Long.MAX_VALUE : until.toEpochMilli();
    long now = loop.now();
    this.lastChunk = now;
    this.lastWord = now;
    this.lastTaken = now;
    loop.add(this);
  }

  /** The first bytes: the head alone does not get through every proxy. */
  void greet() {
    writer.write(GREETING);
  }

  /** Whose client this is; closed at once if it has left. */
  void serve(StreamReader served) {
    reader = served;
    if (closed) {
      served.close();
    }
  }

  @Override
  public void write(SharedSegment segment, long from) {
    if (closed) {
      return;
    }
    lastChunk = loop.now();
    lastWord = lastChunk;
    try {
      writer.write(segment.sse(from));
      loop.sent(segment.segment().nextSeq() - from);
    } catch (RuntimeException | OutOfMemoryError broken) {
      log.warn("a stream breaks off", broken);
      giveUp();
    }
  }

  @Override
  public Bearer bearer() {
    return bearer;
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
            lastTaken = loop.now();
            drained.run();
          }
        });
  }

  @Override
  public void end() {
    if (!closed) {
      letGo();
      Future<Void> taken = writer.end();
      if (!taken.isComplete()) {
        loop.later(STUCK_MILLIS, () -> breakOffUnless(taken));
      }
    }
  }

  /** By then the connection may long be another request's, so it is the last byte that counts. */
  private void breakOffUnless(Future<Void> taken) {
    if (!taken.isComplete()) {
      writer.abort();
    }
  }

  @Override
  public void breakOff() {
    if (!closed) {
      letGo();
      writer.abort();
    }
  }

  /** The client has left, or the network between. */
  void gone() {
    if (!closed) {
      letGo();
    }
  }

  /** Breaks off on its own account. */
  private void giveUp() {
    if (reader == null) {
      breakOff();
    } else {
      reader.breakOff();
    }
  }

  private void letGo() {
    closed = true;
    loop.remove(this);
    lease.release();
    if (reader != null) {
      reader.close();
    }
  }

  /** Once a second: says that it is still there, and notices when it should not be. */
  void look(long now) {
    boolean full = writer.isFull();
    if (!full) {
      lastTaken = now;
    }
    if (now >= endsAt || now - lastTaken > STUCK_MILLIS) {
      giveUp();
    } else if (now - lastChunk > patienceMillis && reader != null && reader.isUpToDate()) {
      reader.end();
    } else if (!full && now - lastWord >= PING_MILLIS) {
      lastWord = now;
      writer.write(PING);
    }
  }
}
