package dev.runcast.store.execution;

import dev.runcast.run.BatchId;
import dev.runcast.run.RunStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run goes, for people who look at it: where it stands and what is before it, its attempts,
 * and what it waits for.
 *
 * @param moreWaits how many of its waits are not told
 */
public record Course(
    Subject subject,
    @Nullable Stand stand,
    Turn turn,
    List<Attempt> attempts,
    List<Wait> waits,
    long moreWaits) {

  public Course {
    attempts = List.copyOf(attempts);
    waits = List.copyOf(waits);
  }

  /**
   * Of the run itself, with what it may be read by.
   *
   * @param isPushed whether a debounce key stands for it, so that triggers put it off
   */
  public record Subject(
      RunStatus status,
      String task,
      List<String> tags,
      @Nullable BatchId batch,
      @Nullable Instant delayUntil,
      boolean isPushed,
      @Nullable String lockedVersion) {
    public Subject {
      tags = List.copyOf(tags);
    }
  }

  /** Where it stands with the engine. */
  public record Stand(ExecutionStatus status, Instant since, String description) {}

  /**
   * What decides when its turn is.
   *
   * @param key its concurrency key; null for none
   * @param paused whether its queue is
   * @param limit how many of its queue, and of its key there, may run at once; null for any number
   * @param running how many of them do
   * @param runningInAll how many runs of the environment are with workers
   * @param ahead how many of its task, queue and key come before it; of very many some
   */
  public record Turn(
      String queue,
      @Nullable String key,
      boolean paused,
      @Nullable Integer limit,
      long running,
      long runningInAll,
      long ahead,
      Takers takers) {}

  /**
   * Who might take it.
   *
   * @param known whether a build has its task
   * @param buildsHeardAt when somebody who has a build last asked for runs; null for never
   * @param claimsHeardAt the same of who claims from its queue
   */
  public record Takers(
      boolean known, @Nullable Instant buildsHeardAt, @Nullable Instant claimsHeardAt) {}

  /**
   * An attempt.
   *
   * @param version of the build that made it; null when there is none any more
   * @param endedAt null while it is under way
   * @param error as JSON; null for none
   * @param retryAt when the next is to begin; null for none
   */
  public record Attempt(
      int number,
      @Nullable String version,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String error,
      @Nullable Instant retryAt) {}

  /**
   * Something that it waits for.
   *
   * @param kind as it is stored
   * @param target the run, token or batch; null for others
   * @param input the name under which is sent in what completes the token; null for others
   * @param batchIndex its place, of a run that is waited for as one of a batch
   * @param until of a time, or when a token times out; null for none
   * @param task of a run; null for others
   * @param status of a run; null for others
   * @param ended whether it has ended
   */
  public record Wait(
      String kind,
      @Nullable String target,
      @Nullable String input,
      @Nullable String batch,
      @Nullable Integer batchIndex,
      @Nullable Instant until,
      @Nullable String task,
      @Nullable RunStatus status,
      boolean ended) {}
}
