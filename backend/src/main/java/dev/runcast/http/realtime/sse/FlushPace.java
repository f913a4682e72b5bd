package dev.runcast.http.realtime.sse;

/**
 * How often one connection has been flushed of late, which tells whether its next flush may wait a
 * little. Confined to an event loop; times are of {@link System#nanoTime}.
 */
final class FlushPace {
  /** Flushes that follow each other within this are fast. */
  static final long FAST_NANOS = 2_000_000;

  /** So many fast flushes in a row make a fast connection. */
  private static final int FAST_STREAK = 4;

  private long flushedAt;
  private int fastInARow;
  private int written;
  private boolean waiting;

  /** Notes a write; answers whether it is the first since the last flush. */
  boolean wrote() {
    written++;
    boolean first = !waiting;
    waiting = true;
    return first;
  }

  /** Whether the client is receiving so fast that gathering more before a flush pays. */
  boolean isFast(long now) {
    return fastInARow >= FAST_STREAK && now - flushedAt < FAST_NANOS;
  }

  /**
   * Notes a flush.
   *
   * @param held whether it had been held back; it then still counts as fast if it gathered anything
   */
  void flushed(long now, boolean held) {
    boolean fast = held ? written > 1 : now - flushedAt < FAST_NANOS;
    fastInARow = fast ? Math.min(fastInARow + 1, FAST_STREAK) : 0;
    flushedAt = now;
    written = 0;
    waiting = false;
  }
}
