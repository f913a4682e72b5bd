package dev.runcast.engine.execution;

import dev.runcast.engine.RefusedException;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.Execution;
import dev.runcast.store.execution.ExecutionTable;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.LockedRun;
import dev.runcast.store.table.RunTable;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A run and its execution, both locked until the transaction ends. */
public record Hold(LockedRun run, Execution execution) {

  /** Locks them, the run first; fails with a {@link RefusedException} when one is missing. */
  public static Future<Hold> of(Transaction transaction, EnvironmentId environment, RunId run) {
    return find(transaction, environment, run)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        RefusedException.unknown(
                            "The engine has no run " + run.value() + " in this environment.")));
  }

  /** The same; empty when one is missing. */
  public static Future<Optional<Hold>> find(
      Transaction transaction, EnvironmentId environment, RunId run) {
    Future<Optional<LockedRun>> locked = new RunTable(transaction).lock(environment, run);
    Future<Optional<Execution>> execution = new ExecutionTable(transaction).lock(environment, run);
    return Future.join(locked, execution)
        .map(
            both ->
                locked
                    .result()
                    .flatMap(row -> execution.result().map(stands -> new Hold(row, stands))));
  }

  /** Has the engine look at the run at a time, in place of any that was set before. */
  public Future<Void> watch(Transaction transaction, Instant at) {
    return new DueTable(transaction)
        .put(List.of(new Due(DueTable.Kind.EXECUTION, run.environment(), run.id().value(), at)));
  }

  /** Has it not look at it any more. */
  public Future<Void> unwatch(Transaction transaction) {
    return new DueTable(transaction)
        .remove(DueTable.Kind.EXECUTION, run.environment(), run.id().value());
  }
}
