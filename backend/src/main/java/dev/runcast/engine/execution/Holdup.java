package dev.runcast.engine.execution;

import dev.runcast.run.RunStatus;
import dev.runcast.store.execution.Course;
import dev.runcast.store.execution.Course.Attempt;
import dev.runcast.store.execution.Course.Takers;
import dev.runcast.store.execution.Course.Turn;
import dev.runcast.store.execution.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a run that has not begun, or is to begin again, does not yet. Pure.
 *
 * @param until when that is over; null when it is not known
 */
public record Holdup(Reason reason, @Nullable Instant until) {
  /**
   * The tool asks several times a second, who waits with a claim every ten; it is noted every few.
   */
  private static final Duration PRESENT = Duration.ofSeconds(20);

  /** What holds it up. Of several things the one that has to go first. */
  public enum Reason {
    /** It is not its time yet. */
    DELAY,
    /** It is not its time yet, and each trigger with its debounce key puts it off. */
    DEBOUNCE,
    /** It has failed, and waits for its next attempt. */
    RETRY,
    /** No build is there that has its task in its version. */
    NO_BUILD,
    QUEUE_PAUSED,
    /** As many of its queue run as may. */
    QUEUE_LIMIT,
    /** As many of its concurrency key run as may. */
    KEY_LIMIT,
    /** No build has its task, and nobody claims from its queue. */
    NO_TASK,
    /** Builds have its task, and nobody asks for runs or claims from its queue. */
    NO_WORKER,
    /** As many of the environment run as the tool may have. */
    ENVIRONMENT_LIMIT,
    /** Nothing but those before it. */
    TURN
  }

  /** What holds a run up; empty for one that is under way or over. */
  public static Optional<Holdup> of(Course course, Bounds bounds, Instant now) {
    RunStatus status = course.subject().status();
    if (status == RunStatus.DELAYED) {
      Reason reason = course.subject().isPushed() ? Reason.DEBOUNCE : Reason.DELAY;
      return Optional.of(new Holdup(reason, course.subject().delayUntil()));
    }
    if (course.stand() != null && course.stand().status() == ExecutionStatus.DELAYED) {
      return Optional.of(new Holdup(Reason.RETRY, retryAt(course)));
    }
    return switch (status) {
      case PENDING_VERSION, WAITING_FOR_DEPLOY -> Optional.of(new Holdup(Reason.NO_BUILD, null));
      case PENDING -> Optional.of(new Holdup(ofQueued(course.turn(), bounds, now), null));
      default -> Optional.empty();
    };
  }

  private static @Nullable Instant retryAt(Course course) {
    int count = course.attempts().size();
    Attempt last = count == 0 ? null : course.attempts().get(count - 1);
    return last == null ? null : last.retryAt();
  }

  private static Reason ofQueued(Turn turn, Bounds bounds, Instant now) {
    if (turn.paused()) {
      return Reason.QUEUE_PAUSED;
    }
    if (turn.limit() != null && turn.running() >= turn.limit()) {
      return turn.key() == null ? Reason.QUEUE_LIMIT : Reason.KEY_LIMIT;
    }
    Takers takers = turn.takers();
    if (isPresent(takers.claimsHeardAt(), now)) {
      return Reason.TURN;
    }
    if (!takers.known()) {
      return Reason.NO_TASK;
    }
    if (!isPresent(takers.buildsHeardAt(), now)) {
      return Reason.NO_WORKER;
    }
    return turn.runningInAll() >= bounds.concurrentRuns() ? Reason.ENVIRONMENT_LIMIT : Reason.TURN;
  }

  private static boolean isPresent(@Nullable Instant heardAt, Instant now) {
    return heardAt != null && !heardAt.plus(PRESENT).isBefore(now);
  }
}
