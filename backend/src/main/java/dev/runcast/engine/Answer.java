package dev.runcast.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request that may be repeated is answered with, the first time and every other time.
 *
 * @param body JSON, without anything that is good for its bearer alone, such as a token
 * @param position the xid of its transaction, by which a reader can wait for it; null when nothing
 *     was written
 * @param due when something comes due that it set a time for; null for nothing
 */
public record Answer(int status, String body, @Nullable Long position, @Nullable Instant due) {

  /** The same with a position. */
  Answer at(@Nullable Long xid) {
    return new Answer(status, body, xid, due);
  }

  /** The same where something more comes due, at this time. */
  public Answer dueBy(Instant time) {
    return new Answer(status, body, position, due == null || time.isBefore(due) ? time : due);
  }

  public Answer(int status, String body, @Nullable Long position) {
    this(status, body, position, null);
  }
}
