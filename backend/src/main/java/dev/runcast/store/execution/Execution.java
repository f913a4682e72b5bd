package dev.runcast.store.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a run stands with the engine. */
public record Execution(
    EnvironmentId environment, RunId run, Snapshot snapshot, Holder holder, Origin origin) {

  /**
   * One state of it. Each change makes a new one.
   *
   * @param number greater than that of any before
   */
  public record Snapshot(
      long number, ExecutionStatus status, String description, Instant createdAt) {}

  /**
   * Who has it, or had it last.
   *
   * @param worker null before it was handed out
   * @param attempt how many have begun
   * @param heardAt when its holder was heard of last; null before it was handed out
   * @param returns how often it was handed out and not begun
   * @param begunFrom the snapshot that its newest attempt was begun from; null for none
   * @param lease under which it is executed; null when it was not claimed
   */
  public record Holder(
      @Nullable String worker,
      int attempt,
      @Nullable Instant heardAt,
      int returns,
      @Nullable Long begunFrom,
      @Nullable Lease lease) {}

  /**
   * What lets a worker speak of a run that it has claimed.
   *
   * @param until when it lapses, unless it is extended
   * @param overAt when its attempt has taken as long as it may, beyond which no lease goes; null
   *     for any time
   * @param by as the worker calls itself; null when it does not
   */
  public record Lease(String id, Instant until, @Nullable Instant overAt, @Nullable String by) {
    /** Whether the attempt has taken as long as it may when the lease lapses. */
    public boolean isLast() {
      return overAt != null && !until.isBefore(overAt);
    }
  }

  /**
   * What its holder made this snapshot by.
   *
   * @param snapshot the one that was the newest before; null when it was not the holder
   * @param request the key of the request; null when it had none
   */
  public record Origin(@Nullable Long snapshot, @Nullable String request) {
    /** Of what no holder did. */
    public static final Origin NONE = new Origin(null, null);
  }

  public ExecutionStatus status() {
    return snapshot.status();
  }

  /** Under which lease it is executed; null when it was not claimed. */
  public @Nullable Lease lease() {
    return holder.lease();
  }

  /** Whether a snapshot is one of the newest attempt's. */
  public boolean isOfAttempt(long number) {
    return holder.begunFrom() != null && number > holder.begunFrom() && number <= snapshot.number();
  }

  /** Whether a holder made the newest snapshot from that one, under this request. */
  public boolean wasMadeFrom(long earlier, @Nullable String request) {
    return request != null
        && request.equals(origin.request())
        && origin.snapshot() != null
        && origin.snapshot() == earlier;
  }
}
