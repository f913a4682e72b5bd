package dev.runcast.engine.execution;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.execution.EnrolmentTable;
import dev.runcast.store.execution.EnrolmentTable.Progress;
import dev.runcast.store.worker.WorkerTable;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * How an environment comes to have its runs executed. From when somebody first asks for its runs,
 * triggers give each that waits a row of its own with the engine; those that were there before are
 * given theirs here, by chunks, and at last those whose writers were under way meanwhile and may
 * not have seen that anybody asks. Stateless.
 */
public final class Enrolment {
  /** Some tens of milliseconds. */
  private static final int CHUNK = 2_000;

  /** Between two looks whether a transaction has ended that somebody holds open. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Database database;
  private final int chunk;

  public Enrolment(Database database) {
    this(database, CHUNK);
  }

  Enrolment(Database database, int chunk) {
    this.database = database;
    this.chunk = chunk;
  }

  /**
   * Enrols an environment, with the oldest of the runs that wait. Says whether more is to be done,
   * which is due at once.
   */
  public static Future<Boolean> begin(Transaction transaction, EnvironmentId environment) {
    EnrolmentTable table = new EnrolmentTable(transaction);
    return table
        .enrol(environment)
        .compose(
            fresh ->
                fresh
                    ? table
                        .progress(environment)
                        .compose(progress -> table.walk(environment, progress, CHUNK))
                        .map(true)
                    : Future.succeededFuture(false));
  }

  /** Goes on with one that has not settled. Says whether there was any that was due. */
  public Future<Boolean> next() {
    return database.transaction(
        transaction ->
            new EnrolmentTable(transaction)
                .claim()
                .compose(
                    found ->
                        found
                            .map(environment -> goOn(transaction, environment).map(true))
                            .orElseGet(() -> Future.succeededFuture(false))));
  }

  private Future<Void> goOn(Transaction transaction, EnvironmentId environment) {
    EnrolmentTable table = new EnrolmentTable(transaction);
    return table
        .progress(environment)
        .compose(
            progress -> {
              if (!progress.walked()) {
                return table
                    .walk(environment, progress, chunk)
                    .compose(walked -> table.again(environment, Duration.ZERO));
              }
              return look(transaction, table, environment, progress);
            });
  }

  private static Future<Void> look(
      Transaction transaction, EnrolmentTable table, EnvironmentId environment, Progress progress) {
    Boolean passed = progress.passed();
    if (passed == null) {
      return table.see(environment).compose(seen -> table.again(environment, Duration.ZERO));
    }
    if (!passed) {
      return table.again(environment, PAUSE);
    }
    return table
        .putLate(environment)
        .compose(
            settled ->
                settled
                    ? settle(transaction, table, environment)
                    : table.again(environment, PAUSE));
  }

  /** What waits for a build may have been there before its row, and the build's registration. */
  private static Future<Void> settle(
      Transaction transaction, EnrolmentTable table, EnvironmentId environment) {
    WorkerTable workers = new WorkerTable(transaction);
    return table
        .end(environment)
        .compose(ended -> workers.newest(environment))
        .compose(
            newest ->
                newest
                    .map(worker -> workers.release(environment, worker).<Void>mapEmpty())
                    .orElseGet(Future::succeededFuture));
  }
}
