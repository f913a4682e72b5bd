package dev.runcast.engine.execution;

import dev.runcast.engine.RefusedException;
import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Assignment;
import dev.runcast.store.execution.AssignmentReads;
import dev.runcast.store.execution.AssignmentReads.Repetition;
import dev.runcast.store.execution.AttemptTable;
import dev.runcast.store.execution.Execution;
import dev.runcast.store.execution.Execution.Origin;
import dev.runcast.store.execution.ExecutionStatus;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.execution.ExecutionTable.Move;
import dev.runcast.store.table.LockedRun;
import dev.runcast.store.wait.WaitTable;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What workers tell of the runs that they have: each call works within the transaction it is given,
 * and is refused when it speaks of a snapshot that has passed.
 */
public final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);

  /** What a run is whose next attempt may begin. */
  private static final Set<RunStatus> READY =
      Set.of(RunStatus.DEQUEUED, RunStatus.RETRYING_AFTER_FAILURE);

  private final Runs runs;
  private final Bounds bounds;
  private final InstantSource clock;
  private final RandomGenerator random;

  public Attempts(Runs runs, Bounds bounds, InstantSource clock, RandomGenerator random) {
    this.runs = runs;
    this.bounds = bounds;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Which state of which run a worker speaks of.
   *
   * @param request the key of its request; null for none
   */
  public record Word(
      EnvironmentId environment, RunId run, long snapshot, @Nullable String request) {
    private Origin origin() {
      return new Origin(snapshot, request);
    }
  }

  /** An attempt that has begun, with all that is to be known for it. */
  public record Begun(Execution execution, Assignment assignment) {}

  /**
   * What came of an end.
   *
   * @param told by the name that workers know
   * @param again when the engine has to look at it next, or at who waited for it; null for never
   */
  public record Ended(
      String told, Execution execution, RunStatus status, @Nullable Instant again) {}

  /**
   * Begins an attempt; the same request again finds it begun. Empty when its run has ended before:
   * whoever was to begin it has let go of it by that.
   */
  public Future<Optional<Begun>> begin(Transaction transaction, Word word) {
    return Hold.of(transaction, word.environment(), word.run())
        .compose(
            hold ->
                isEndedUnbegun(word, hold.execution())
                    ? letGo(transaction, word, hold).map(Optional.empty())
                    : beginHeld(transaction, word, hold).map(Optional::of));
  }

  /** A request that comes late, of an attempt that did begin, does not let go of it. */
  private static boolean isEndedUnbegun(Word word, Execution execution) {
    Long begunFrom = execution.holder().begunFrom();
    return execution.status() == ExecutionStatus.PENDING_CANCEL
        && word.snapshot() < execution.snapshot().number()
        && (begunFrom == null || word.snapshot() > begunFrom);
  }

  private Future<Begun> beginHeld(Transaction transaction, Word word, Hold hold) {
    Execution execution = hold.execution();
    boolean again =
        execution.status() == ExecutionStatus.EXECUTING
            && execution.wasMadeFrom(word.snapshot(), word.request());
    return (again ? Future.succeededFuture(execution) : begin(transaction, word, hold))
        .compose(
            begun ->
                new AssignmentReads(transaction)
                    .find(word.environment(), word.run())
                    .map(found -> new Begun(begun, found.orElseThrow())));
  }

  private Future<Execution> begin(Transaction transaction, Word word, Hold hold) {
    requireNewest(word, hold.execution());
    if (!READY.contains(hold.run().status())
        || hold.execution().status() == ExecutionStatus.DELAYED) {
      throw RefusedException.outdated("An attempt of this run is under way already.");
    }
    Move move =
        new Move(
            ExecutionStatus.EXECUTING,
            "Attempt has begun",
            hold.execution().holder().attempt() + 1,
            0,
            word.origin());
    Future<Execution> moved = new ExecutionTable(transaction).move(hold.execution(), move);
    Future<Void> watched =
        runs.changeHeld(transaction, hold.run(), RunChange.ofStatus(RunStatus.EXECUTING))
            .compose(
                changed -> hold.watch(transaction, clock.instant().plus(bounds.heardWithin())));
    return Future.join(moved, watched).compose(both -> moved);
  }

  /** Ends an attempt; what comes of it follows from why it failed, if it did. */
  public Future<Ended> end(Transaction transaction, Word word, Completion completion) {
    return Hold.of(transaction, word.environment(), word.run())
        .compose(
            hold -> {
              if (hold.execution().status() == ExecutionStatus.PENDING_CANCEL) {
                // Whatever it tells of a run that has ended: it has let go of it.
                return letGo(transaction, word, hold);
              }
              requireUnderWay(word, hold);
              return judge(transaction, hold, completion)
                  .compose(verdict -> apply(transaction, word, hold, completion, verdict));
            });
  }

  private static Future<Ended> letGo(Transaction transaction, Word word, Hold hold) {
    log.info(
        "worker lets go of a run that is over run={} status={}",
        hold.run().id().value(),
        hold.run().status());
    return new ExecutionTable(transaction)
        .move(hold.execution(), finished(hold.execution(), "Worker let go of it", word.origin()))
        .compose(moved -> hold.unwatch(transaction).map(moved))
        .map(
            moved -> new Ended(Verdict.Told.RUN_FINISHED.name(), moved, hold.run().status(), null));
  }

  static Move finished(Execution execution, String description, Origin origin) {
    return new Move(
        ExecutionStatus.FINISHED,
        description,
        execution.holder().attempt(),
        execution.holder().returns(),
        origin);
  }

  private Future<Verdict> judge(Transaction transaction, Hold hold, Completion completion) {
    Future<Repetition> repetition =
        completion.failure() == null
            ? Future.succeededFuture(new Repetition(null, null))
            : new AssignmentReads(transaction)
                .repetition(hold.run().environment(), hold.run().id());
    Judgement judgement = new Judgement(bounds.shortDelay(), clock.instant(), random.nextDouble());
    return repetition.map(
        known -> judgement.of(completion, hold.execution().holder().attempt(), known));
  }

  private Future<Ended> apply(
      Transaction transaction, Word word, Hold hold, Completion completion, Verdict verdict) {
    Execution execution = hold.execution();
    Move move =
        new Move(
            verdict.to(), verdict.description(), execution.holder().attempt(), 0, word.origin());
    Instant again = again(verdict);
    Future<Execution> moved = new ExecutionTable(transaction).move(execution, move);
    Future<Void> noted =
        new AttemptTable(transaction)
            .end(word.environment(), word.run(), ended(execution, completion, verdict));
    Future<Void> cleared = new WaitTable(transaction).clear(word.environment(), word.run());
    Future<Void> told =
        tell(transaction, hold.run(), verdict, completion)
            .compose(
                done -> again == null ? hold.unwatch(transaction) : hold.watch(transaction, again));
    return Future.join(moved, noted, cleared, told)
        .map(
            all ->
                new Ended(
                    verdict.told().name(),
                    moved.result(),
                    verdict.status(),
                    again == null ? clock.instant() : again));
  }

  private static AttemptTable.End ended(
      Execution execution, Completion completion, Verdict verdict) {
    Completion.Failure failure = completion.failure();
    Instant again = verdict.again();
    if (again == null && !verdict.status().isFinal() && failure != null) {
      Completion.Retry retry = failure.retry();
      again = retry == null ? null : retry.at();
    }
    return new AttemptTable.End(
        execution.holder().attempt(), failure == null ? null : failure.error(), again);
  }

  private @Nullable Instant again(Verdict verdict) {
    return verdict.to() == ExecutionStatus.EXECUTING
        ? clock.instant().plus(bounds.shortDelay()).plus(bounds.heardWithin())
        : verdict.again();
  }

  /** Metadata that can't be kept must not keep the run from ending. */
  private Future<Void> tell(
      Transaction transaction, LockedRun run, Verdict verdict, Completion completion) {
    RunChange change = Changes.of(verdict, completion);
    return attempt(transaction, run, change)
        .recover(
            failure ->
                failure instanceof RefusedException && !change.metadata().isEmpty()
                    ? attempt(transaction, run, Changes.withoutMetadata(change))
                    : Future.failedFuture(failure));
  }

  private Future<Void> attempt(Transaction transaction, LockedRun run, RunChange change) {
    return Future.succeededFuture()
        .compose(now -> runs.changeHeld(transaction, run, change))
        .mapEmpty();
  }

  private static void requireNewest(Word word, Execution execution) {
    if (execution.snapshot().number() != word.snapshot()) {
      throw RefusedException.outdated(
          "The snapshot is not the newest of this run, which is %s now: nothing was changed."
              .formatted(execution.status()));
    }
  }

  /** It may not have heard yet that the run waits, or goes on; it must be of this attempt. */
  private static void requireUnderWay(Word word, Hold hold) {
    Execution execution = hold.execution();
    boolean underWay =
        execution.status() == ExecutionStatus.EXECUTING
            || execution.status() == ExecutionStatus.EXECUTING_WITH_WAITPOINTS;
    if (!underWay
        || READY.contains(hold.run().status())
        || !execution.isOfAttempt(word.snapshot())) {
      throw RefusedException.outdated(
          "The snapshot is of no attempt that is under way; the run is %s: nothing was changed."
              .formatted(execution.status()));
    }
  }
}
