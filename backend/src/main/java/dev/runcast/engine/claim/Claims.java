package dev.runcast.engine.claim;

import dev.runcast.engine.RefusedException;
import dev.runcast.engine.Requests;
import dev.runcast.engine.RunChange;
import dev.runcast.engine.Runs;
import dev.runcast.engine.Runs.Changed;
import dev.runcast.engine.Runs.Subject;
import dev.runcast.engine.execution.Enrolment;
import dev.runcast.engine.execution.Hold;
import dev.runcast.engine.execution.LeaseEnd;
import dev.runcast.engine.execution.LeaseEnd.Outcome;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.ClaimTable;
import dev.runcast.store.execution.ClaimTable.Extended;
import dev.runcast.store.execution.ClaimTable.Terms;
import dev.runcast.store.execution.Claimed;
import dev.runcast.store.execution.EnrolmentTable;
import dev.runcast.store.execution.Execution.Origin;
import dev.runcast.store.execution.ExecutionStatus;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.execution.ExecutionTable.Move;
import dev.runcast.store.execution.LaneTable;
import dev.runcast.store.execution.LaneTable.Asked;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.RunTable;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Claims of runs, and what is done under them. Stateless. */
public final class Claims {
  /** What a worker can't say of its run by a change: it gives it back instead. */
  private static final Set<RunStatus> BACKWARDS =
      EnumSet.of(
          RunStatus.DELAYED,
          RunStatus.PENDING_VERSION,
          RunStatus.WAITING_FOR_DEPLOY,
          RunStatus.PENDING,
          RunStatus.DEQUEUED,
          RunStatus.RETRYING_AFTER_FAILURE);

  private final Database database;
  private final Requests requests;
  private final Runs runs;
  private final LeaseEnd leases;
  private final InstantSource clock;

  public Claims(
      Database database, Requests requests, Runs runs, LeaseEnd leases, InstantSource clock) {
    this.database = database;
    this.requests = requests;
    this.runs = runs;
    this.leases = leases;
    this.clock = clock;
  }

  /**
   * What a worker asks for.
   *
   * @param queue by its name
   * @param most how many runs at most
   */
  public record Order(EnvironmentId environment, String queue, int most, Terms terms) {
    private Asked asked() {
      return new Asked(environment, queue, most, Integer.MAX_VALUE);
    }
  }

  /** Whose lease is meant. */
  public record Word(EnvironmentId environment, RunId run, String lease) {}

  /**
   * Claims the runs that come next. To look for some writes nothing and locks nothing; but the
   * first who asks for runs of an environment has the engine know them.
   */
  public Future<List<Claimed>> next(Order order) {
    Transaction look = database.autocommit();
    return again(look, order)
        .compose(
            before ->
                before.isEmpty()
                    ? new LaneTable(look)
                        .hasAny(order.asked())
                        .compose(any -> any ? claim(order) : enrol(look, order))
                    : Future.succeededFuture(before));
  }

  private static Future<List<Claimed>> again(Transaction look, Order order) {
    String request = order.terms().request();
    return request == null
        ? Future.succeededFuture(List.of())
        : new ClaimTable(look).again(order.environment(), request);
  }

  private Future<List<Claimed>> enrol(Transaction look, Order order) {
    return new EnrolmentTable(look)
        .has(order.environment())
        .compose(
            enrolled ->
                enrolled
                    ? Future.succeededFuture(List.of())
                    : requests
                        .step(
                            transaction -> Enrolment.begin(transaction, order.environment()),
                            first -> first ? clock.instant() : null)
                        .compose(first -> claim(order)));
  }

  /** The same request may have come again while it was under way. */
  private Future<List<Claimed>> claim(Order order) {
    return requests.step(
        transaction ->
            new LaneTable(transaction)
                .takeTurn(order.environment())
                .compose(turn -> again(transaction, order))
                .compose(
                    before ->
                        before.isEmpty()
                            ? claim(transaction, order)
                            : Future.succeededFuture(before)),
        claimed -> claimed.stream().map(Claimed::until).min(Instant::compareTo).orElse(null));
  }

  private static Future<List<Claimed>> claim(Transaction transaction, Order order) {
    return new LaneTable(transaction)
        .take(order.asked())
        .compose(
            runs ->
                runs.isEmpty()
                    ? Future.succeededFuture(List.<Claimed>of())
                    : new ClaimTable(transaction).claim(order.environment(), runs, order.terms()))
        .compose(claimed -> watch(transaction, claimed).map(claimed));
  }

  private static Future<Void> watch(Transaction transaction, List<Claimed> claimed) {
    return new DueTable(transaction)
        .put(
            claimed.stream()
                .map(
                    one ->
                        new Due(
                            DueTable.Kind.EXECUTION,
                            one.run().environment(),
                            one.run().id().value(),
                            one.until()))
                .toList());
  }

  /** Has a lease end so long from now, or as soon as its run's {@code maxDuration} is over. */
  public Future<Extended> extend(Transaction transaction, Word word, Duration length) {
    return new ClaimTable(transaction)
        .extend(word.environment(), word.run(), word.lease(), length)
        .compose(
            extended ->
                extended
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            hold(transaction, word.environment(), word.run())
                                .map(
                                    hold -> {
                                      throw LeaseCheck.ended(hold, word.lease());
                                    })));
  }

  /**
   * Gives a run back: to be tried again, by its task's rule, if its attempt has failed; else at
   * once, as if it had not been claimed. One that has ended meanwhile is let go of.
   *
   * @param error why the attempt failed, as JSON; null when it did not
   */
  public Future<Outcome> release(Transaction transaction, Word word, @Nullable String error) {
    return hold(transaction, word.environment(), word.run())
        .compose(
            hold -> {
              LeaseCheck.require(hold, word.lease());
              if (hold.execution().status() == ExecutionStatus.PENDING_CANCEL) {
                return over(transaction, hold, "Worker let go of it")
                    .map(new Outcome(hold.run().status(), null));
              }
              return error == null
                  ? giveBack(transaction, hold)
                  : leases.fail(transaction, hold, error);
            });
  }

  private Future<Outcome> giveBack(Transaction transaction, Hold hold) {
    Move move =
        new Move(
            ExecutionStatus.QUEUED,
            "Worker gave it back",
            hold.execution().holder().attempt() - 1,
            0,
            Origin.NONE);
    return new ExecutionTable(transaction)
        .move(hold.execution(), move)
        // Before its status, by whose change the tables see whether its expiry counts again.
        .compose(
            moved ->
                new ClaimTable(transaction).takeBack(hold.run().environment(), hold.run().id()))
        .compose(
            unbegun ->
                runs.changeHeld(transaction, hold.run(), RunChange.ofStatus(RunStatus.PENDING)))
        .compose(changed -> hold.unwatch(transaction))
        .map(new Outcome(RunStatus.PENDING, null));
  }

  /** Makes a change that a worker tells of a run that it has claimed. */
  public Future<Changed> work(
      Transaction transaction, Subject subject, String lease, RunChange change) {
    return hold(transaction, subject.environment(), subject.run())
        .compose(
            hold -> {
              subject.guard().accept(hold.run());
              LeaseCheck.require(hold, lease);
              if (hold.execution().status() != ExecutionStatus.EXECUTING) {
                throw LeaseCheck.lapsed(hold);
              }
              RunStatus to = change.status();
              if (to != null && BACKWARDS.contains(to)) {
                throw RefusedException.unprocessable(
                    "status",
                    "A run that is claimed can't become %s; to have it tried again, POST to its"
                            .formatted(to)
                        + " lease/release, with an error if the attempt has failed.");
              }
              return to != null && to.isFinal()
                  ? over(transaction, hold, "Run has ended")
                      .compose(over -> runs.change(transaction, subject, change))
                  : runs.change(transaction, subject, change);
            });
  }

  private static Future<Void> over(Transaction transaction, Hold hold, String description) {
    Move move =
        new Move(
            ExecutionStatus.FINISHED,
            description,
            hold.execution().holder().attempt(),
            0,
            Origin.NONE);
    return new ExecutionTable(transaction)
        .move(hold.execution(), move)
        .compose(moved -> hold.unwatch(transaction));
  }

  /** A run that the engine has nothing to do with is nobody's by a lease. */
  private static Future<Hold> hold(Transaction transaction, EnvironmentId environment, RunId run) {
    return Hold.find(transaction, environment, run)
        .compose(
            found ->
                found
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            new RunTable(transaction)
                                .lock(environment, run)
                                .map(
                                    row -> {
                                      throw row.map(there -> LeaseCheck.lapsed(there.status()))
                                          .orElseGet(() -> unknown(run));
                                    })));
  }

  private static RefusedException unknown(RunId run) {
    return RefusedException.unknown("There is no run " + run.value() + " in this environment.");
  }
}
