package dev.runcast.http.realtime;

import dev.runcast.run.place.Position;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Columns;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all connections of one event loop share that stay open for feeds, whatever they speak. Made
 * on that loop's context and confined to it; its one periodic timer ends with the verticle.
 */
public final class FeedLoop {
  /** How long before its end the bearer of a token is told to bring a new one. */
  public static final long WARN_MILLIS = 60_000;

  private static final int MOST_COLUMN_SETS = 1_000;

  private final Vertx vertx;
  private final Pace pace;
  private final InstantSource clock;
  private final RandomGenerator random;
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
  public FeedLoop(Vertx vertx, Pace pace, InstantSource clock, RandomGenerator random) {
    this.vertx = vertx;
    this.pace = pace;
    this.clock = clock;
    this.random = random;
    this.rounds = new Rounds(random);
    long step = Math.max(1, pace.pingEvery.toMillis() / Rounds.STEPS);
    vertx.setPeriodic(step, timer -> rounds.step(clock.millis()));
    for (CloseCode code : CloseCode.values()) {
      ends.put(code, new SharedFrame(new Frame.End(code)));
    }
  }

  /**
   * One object for equal sets of columns, so that a frame finds the bytes for it without comparing
   * names. Bounded; one that is forgotten is only slower.
   */
  public Columns shared(Columns asked) {
    if (columns.size() > MOST_COLUMN_SETS) {
      columns.clear();
    }
    return columns.computeIfAbsent(asked, same -> same);
  }

  public Rounds rounds() {
    return rounds;
  }

  /** What tells a client why it is hung up on. */
  public SharedFrame end(CloseCode code) {
    SharedFrame frame = ends.get(code);
    if (frame == null) {
      throw new IllegalStateException("every code has its frame");
    }
    return frame;
  }

  /**
   * What tells a client that its word was taken back.
   *
   * @param position where in the log; null when that is not known
   */
  public static SharedFrame revoked(@Nullable Position position) {
    return new SharedFrame(
        new Frame.End(CloseCode.REVOKED, position == null ? null : position.lsn()));
  }

  /** In milliseconds since 1970. */
  public long now() {
    return clock.millis();
  }

  /** In milliseconds; what must happen before then is given a timer of its own. */
  public long round() {
    return pace.pingEvery.toMillis();
  }

  /** When a connection that begins now is to end for its age, in milliseconds since 1970. */
  public long endOfAge() {
    long most = pace.maxAge.toMillis();
    return now() + most - random.nextLong(most / 5 + 1);
  }

  /** After how long a client should come back, in milliseconds: not all of them at once. */
  public int comeBackAfter() {
    return 1000 + random.nextInt(2000);
  }

  /** Runs something after so many milliseconds, on this event loop. */
  public void later(long millis, Runnable task) {
    vertx.setTimer(Math.max(1, millis), timer -> task.run());
  }

  /** Ends every connection, without waiting for the clients. */
  public void endAll(CloseCode code) {
    rounds.all().forEach(guest -> guest.end(code));
  }

  /** How many connections are open. */
  public int connections() {
    return rounds.size();
  }
}
