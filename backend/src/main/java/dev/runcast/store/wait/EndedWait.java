package dev.runcast.store.wait;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that was waited for, and what came of it.
 *
 * @param output what came of it; null for nothing
 */
public record EndedWait(NewWait waited, Instant endedAt, @Nullable Output output) {

  /**
   * What came of it.
   *
   * @param isError whether it is a failure, which the text tells of as JSON
   */
  public record Output(@Nullable String text, @Nullable String type, boolean isError) {}
}
