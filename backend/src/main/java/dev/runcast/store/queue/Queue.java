package dev.runcast.store.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A queue, and how full it was when it was read.
 *
 * @param name as runs hold it: a task's own queue is {@code task/} and the task
 * @param running runs that a worker has
 * @param queued runs that a worker may take
 */
public record Queue(
    String id, String name, boolean paused, Limit limit, long running, long queued) {

  /**
   * How many runs may run at once.
   *
   * @param base what the code declares; null for no limit
   * @param override what holds instead; null when nothing does
   * @param overriddenAt since when; null when nothing does
   */
  public record Limit(
      @Nullable Integer base, @Nullable Integer override, @Nullable Instant overriddenAt) {

    /** The limit that holds; null for none. */
    public @Nullable Integer current() {
      return override == null ? base : override;
    }
  }
}
