package dev.runcast.hub.tally;

import java.time.Duration;

/**
 * A tally's one way out. Called on the hub's event loop; what is asked for comes back there, later.
 */
public interface Recount {

  /** Reads what the feed adds up to; answered by {@link Tally#take}. */
  void read(Tally tally);

  /** Runs something on this event loop after this long. */
  void later(Duration delay, Runnable task);

  /** A recount gave something else than what changes had led to, and was put in its place. */
  void differs(Tally tally, String moved, String recounted);
}
