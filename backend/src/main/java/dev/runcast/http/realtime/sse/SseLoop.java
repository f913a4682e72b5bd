package dev.runcast.http.realtime.sse;

import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Columns;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What all sinks of one event loop share. Made on that loop's context and confined to it; its one
 * periodic timer ends with the verticle.
 */
public final class SseLoop {
  static final int STEPS_IN_A_ROUND = 16;

  private static final int MOST_COLUMN_SETS = 1_000;

  /** A comment: clients ignore it, but it tells them and every proxy that somebody is there. */
  private static final Buffer PING = Buffer.buffer(":\n\n");

  private final Vertx vertx;
  private final Pace pace;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Flushes flushes;
  private final ChunkMemo chunks = new ChunkMemo();
  private final Rounds rounds;
  private final Map<Columns, Columns> columns = new HashMap<>();
  private final Map<CloseCode, SharedFrame> ends = new EnumMap<>(CloseCode.class);

  /**
   * How connections are kept.
   *
   * @param pingEvery a client hears something at least every second of these
   * @param maxAge a connection ends, retryably, at four to five fifths of this
   */
  public record Pace(Duration pingEvery, Duration maxAge) {}

  /** On the context whose event loop will own it. */
  public SseLoop(Vertx vertx, Pace pace, InstantSource clock, RandomGenerator random) {
    this.vertx = vertx;
    this.pace = pace;
    this.clock = clock;
    this.random = random;
    this.rounds = new Rounds(STEPS_IN_A_ROUND, random);
    this.flushes = new Flushes(((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop());
    long step = Math.max(1, pace.pingEvery.toMillis() / STEPS_IN_A_ROUND);
    vertx.setPeriodic(step, timer -> rounds.step(clock.millis()));
    for (CloseCode code : CloseCode.values()) {
      ends.put(code, new SharedFrame(new Frame.End(code)));
    }
  }

  /**
   * One object for equal sets of columns, so that a frame finds the bytes for it without comparing
   * names. Bounded; one that is forgotten is only slower.
   */
  Columns shared(Columns asked) {
    if (columns.size() > MOST_COLUMN_SETS) {
      columns.clear();
    }
    return columns.computeIfAbsent(asked, same -> same);
  }

  ChunkMemo chunks() {
    return chunks;
  }

  Flushes flushes() {
    return flushes;
  }

  Rounds rounds() {
    return rounds;
  }

  Buffer ping() {
    return PING;
  }

  SharedFrame end(CloseCode code) {
    SharedFrame frame = ends.get(code);
    if (frame == null) {
      throw new IllegalStateException("every code has its frame");
    }
    return frame;
  }

  long now() {
    return clock.millis();
  }

  /** In milliseconds; what must happen before then is given a timer of its own. */
  long round() {
    return pace.pingEvery.toMillis();
  }

  /** When a connection that begins now is to end for its age, in milliseconds since 1970. */
  long endOfAge() {
    long most = pace.maxAge.toMillis();
    return now() + most - random.nextLong(most / 5 + 1);
  }

  /** After how long a client should come back, in milliseconds: not all of them at once. */
  int comeBackAfter() {
    return 1000 + random.nextInt(2000);
  }

  void later(long millis, Runnable task) {
    vertx.setTimer(Math.max(1, millis), timer -> task.run());
  }

  /** Ends every connection, without waiting for the clients. */
  public void endAll(CloseCode code) {
    rounds.all().forEach(sink -> sink.end(code));
    chunks.clear();
  }

  /** How many connections are open. */
  int connections() {
    return rounds.all().size();
  }
}
