package dev.runcast.store.waitpoint;

import dev.runcast.run.WaitpointId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A waitpoint as it stands in the table.
 *
 * @param callback whoever knows it may complete the waitpoint
 * @param key the idempotency key that it was made with; null for none
 * @param end how it ended; null while it waits
 */
public record Waitpoint(
    WaitpointId id,
    Status status,
    String callback,
    List<String> tags,
    Times times,
    @Nullable Key key,
    @Nullable End end) {

  public Waitpoint {
    tags = List.copyOf(tags);
  }

  /** Whether it has ended, and in which way. */
  public enum Status {
    WAITING,
    COMPLETED,
    TIMED_OUT
  }

  /**
   * When it begins and ends at the latest.
   *
   * @param timeoutAt null for never
   */
  public record Times(Instant createdAt, @Nullable Instant timeoutAt) {}

  /**
   * An idempotency key.
   *
   * @param expiresAt from when on it is free again; null for never
   */
  public record Key(String text, @Nullable Instant expiresAt) {}

  /**
   * How it ended.
   *
   * @param output what it was completed with; null for nothing
   */
  public record End(Instant at, @Nullable Output output) {}

  /**
   * What it was completed with.
   *
   * @param type the content type that says how to take the text
   * @param isError whether it says what went wrong
   */
  public record Output(String text, String type, boolean isError) {}
}
