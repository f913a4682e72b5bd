package dev.runcast.http;

import static dev.runcast.testing.Await.await;

import dev.runcast.engine.Limits;
import dev.runcast.engine.Runs;
import dev.runcast.engine.wait.Cancellations;
import dev.runcast.engine.wait.Resumption;
import dev.runcast.store.Database;

/** What timers do of runs that wait, done on the test's own thread. */
final class DueNow {
  private DueNow() {}

  /** Returns when nothing is due any more: no run to go on, none to be cancelled. */
  static void look(Database database) {
    Runs runs = new Runs(Limits.DEFAULT);
    Cancellations cancellations = new Cancellations(database, runs);
    Resumption resumption = new Resumption(database, runs);
    while (await(cancellations.next()) || await(resumption.next())) {
      // Until nothing is due.
    }
  }
}
