package dev.runcast.engine.wait;

import dev.runcast.engine.RefusedException;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.wait.WaitsAhead;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs that would wait for each other, of which none would ever go on. A key may stand for a run
 * that itself waits, by whatever way, for the one that would wait for it.
 */
public final class Circles {

  private Circles() {}

  /**
   * Which of the runs that keys stand for a run can't wait for. Whoever asks takes a turn: until
   * its transaction ends nobody else in the environment begins to wait for such runs.
   */
  public static Future<Set<RunId>> of(
      Transaction transaction, EnvironmentId environment, RunId waiter, Set<RunId> found) {
    if (found.isEmpty()) {
      return Future.succeededFuture(Set.of());
    }
    WaitsAhead ahead = new WaitsAhead(transaction);
    return ahead
        .takeTurn(environment)
        .compose(turn -> ahead.waitsFor(environment, found, waiter))
        .compose(
            any ->
                any ? each(ahead, environment, waiter, found) : Future.succeededFuture(Set.of()));
  }

  private static Future<Set<RunId>> each(
      WaitsAhead ahead, EnvironmentId environment, RunId waiter, Set<RunId> found) {
    Set<RunId> circling = new HashSet<>();
    Future<Void> looked = Future.succeededFuture();
    for (RunId run : found) {
      looked =
          looked
              .compose(last -> ahead.waitsFor(environment, List.of(run), waiter))
              .map(
                  circle -> {
                    if (circle) {
                      circling.add(run);
                    }
                    return null;
                  });
    }
    return looked.map(circling);
  }

  /** Refuses to have a run wait for one of a circle. */
  public static RefusedException refusal(RunId waiter) {
    return RefusedException.unprocessable(
        "idempotencyKey",
        "Run %s can't wait for the run that this idempotencyKey stands for, which waits for it in turn: neither would ever go on. Use another key."
            .formatted(waiter.value()));
  }
}
