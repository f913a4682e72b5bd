package dev.runcast.engine.execution;

import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.engine.Transitions;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.AssignmentReads.Repetition;
import dev.runcast.store.execution.ClaimTable;
import dev.runcast.store.execution.Execution;
import dev.runcast.store.execution.Execution.Lease;
import dev.runcast.store.execution.Execution.Origin;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.execution.ExecutionTable.Move;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a claimed run whose attempt has failed, or of whose worker nothing was heard
 * until its lease had lapsed: it is tried again by its task's rule, a number of times, and then it
 * is over. Every call works within the transaction it is given.
 */
public final class LeaseEnd {
  private static final Logger log = LoggerFactory.getLogger(LeaseEnd.class);
  private static final String STALLED = "TASK_RUN_STALLED_EXECUTING";
  private static final String TOO_LONG = "MAX_DURATION_EXCEEDED";

  /** Of a run for which neither its trigger nor its task says how often. */
  static final int ATTEMPTS = 3;

  private final Runs runs;
  private final InstantSource clock;
  private final RandomGenerator random;

  public LeaseEnd(Runs runs, InstantSource clock, RandomGenerator random) {
    this.runs = runs;
    this.clock = clock;
    this.random = random;
  }

  /**
   * What came of it.
   *
   * @param again when it enters the queue; null when it is over
   */
  public record Outcome(RunStatus status, @Nullable Instant again) {}

  /**
   * Ends an attempt that its worker says has failed.
   *
   * @param error why, as JSON
   */
  public Future<Outcome> fail(Transaction transaction, Hold hold, String error) {
    return end(transaction, hold, RunStatus.COMPLETED_WITH_ERRORS, attempts -> error);
  }

  /** Ends an attempt of which nothing was heard, or that has taken as long as it may. */
  Future<Void> lapse(Transaction transaction, Hold hold) {
    Lease lease = Objects.requireNonNull(hold.execution().lease());
    return lease.isLast() ? timeOut(transaction, hold, lease) : lapse(transaction, hold, lease);
  }

  /** As by the command line tool, it is not tried again. */
  private Future<Void> timeOut(Transaction transaction, Hold hold, Lease lease) {
    RunId run = hold.run().id();
    Duration most =
        Duration.between(
            hold.execution().snapshot().createdAt(), Objects.requireNonNull(lease.overAt()));
    String error =
        error(
            TOO_LONG,
            "The run took longer than its maxDuration of %d seconds, in attempt %d by %s."
                .formatted(most.toSeconds(), hold.execution().holder().attempt(), name(lease)));
    log.warn("claimed run has taken too long run={} lease={}", run.value(), lease.id());
    RunStatus end = ErrorCodes.end(TOO_LONG);
    // Somebody may have made something of it by plain SQL that can't end so.
    RunStatus fitting =
        Transitions.allows(hold.run().status(), end) ? end : RunStatus.SYSTEM_FAILURE;
    return apply(transaction, hold, Verdict.over(fitting), error).mapEmpty();
  }

  private static String name(Lease lease) {
    return lease.by() == null ? "a worker without a name" : "worker " + lease.by();
  }

  private static String error(String code, String message) {
    return new JsonObject()
        .put("type", "INTERNAL_ERROR")
        .put("code", code)
        .put("message", message)
        .encode();
  }

  private Future<Void> lapse(Transaction transaction, Hold hold, Lease lease) {
    RunId run = hold.run().id();
    int attempt = hold.execution().holder().attempt();
    return end(
            transaction,
            hold,
            ErrorCodes.end(STALLED),
            attempts ->
                error(
                    STALLED,
                    "The lease of %s lapsed at %s, in attempt %d of %d."
                        .formatted(name(lease), lease.until(), attempt, attempts)))
        .map(
            outcome -> {
              log.warn(
                  "lease has lapsed run={} lease={} attempt={} status={}",
                  run.value(),
                  lease.id(),
                  attempt,
                  outcome.status());
              return null;
            });
  }

  /** Says why, once it is known how often it is tried. */
  @FunctionalInterface
  private interface Reason {
    String after(int attempts);
  }

  private Future<Outcome> end(Transaction transaction, Hold hold, RunStatus failed, Reason reason) {
    Execution execution = hold.execution();
    return new ClaimTable(transaction)
        .repetition(execution.environment(), execution.run())
        .compose(
            repetition -> {
              Integer told = repetition.maxAttempts();
              int attempts = told == null ? ATTEMPTS : told;
              return apply(
                  transaction,
                  hold,
                  verdict(repetition, attempts, hold, failed),
                  reason.after(attempts));
            });
  }

  private Verdict verdict(Repetition repetition, int attempts, Hold hold, RunStatus failed) {
    int attempt = hold.execution().holder().attempt();
    Judgement judgement = new Judgement(Duration.ZERO, clock.instant(), random.nextDouble());
    if (attempt >= attempts) {
      return Verdict.over(failed);
    }
    // Somebody may have made something of it by plain SQL that is no attempt any more.
    return Transitions.allows(hold.run().status(), RunStatus.RETRYING_AFTER_FAILURE)
        ? judgement.later(clock.instant().plusMillis(judgement.delay(repetition, attempt)))
        : Verdict.over(RunStatus.SYSTEM_FAILURE);
  }

  private Future<Outcome> apply(Transaction transaction, Hold hold, Verdict verdict, String error) {
    Move move =
        new Move(
            verdict.to(),
            verdict.description(),
            hold.execution().holder().attempt(),
            0,
            Origin.NONE);
    RunChange change =
        new RunChange(
            null,
            verdict.status(),
            Optional.empty(),
            verdict.again() == null ? Optional.of(error) : Optional.empty(),
            RunChange.Metadata.NONE,
            List.of());
    Instant again = verdict.again();
    return new ExecutionTable(transaction)
        .move(hold.execution(), move)
        .compose(moved -> runs.changeHeld(transaction, hold.run(), change))
        .compose(
            changed -> again == null ? hold.unwatch(transaction) : hold.watch(transaction, again))
        .map(new Outcome(verdict.status(), again));
  }
}
