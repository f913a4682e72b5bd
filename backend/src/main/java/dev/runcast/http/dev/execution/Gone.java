package dev.runcast.http.dev.execution;

import dev.runcast.engine.Requests;
import dev.runcast.engine.execution.Disconnection;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.tenant.BranchTable;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;

/** Takes runs from a worker that is gone. Who tells of it names no branch. */
record Gone(
    Requests requests, Disconnection disconnection, BranchTable branches, InstantSource clock) {

  /** Takes them back; says how many were cancelled. */
  Future<Integer> takeBack(EnvironmentId environment, List<RunId> runs) {
    return branches.owned(environment, runs).compose(this::takeBack);
  }

  /**
   * Each by itself: together they would hold what others need who hold what these need. One that is
   * named again is gone already.
   */
  private Future<Integer> takeBack(List<BranchTable.Owned> runs) {
    Future<Integer> cancelled = Future.succeededFuture(0);
    for (BranchTable.Owned run : runs) {
      cancelled =
          cancelled.compose(
              before -> takeBack(run.environment(), run.run()).map(one -> before + one));
    }
    return cancelled;
  }

  private Future<Integer> takeBack(EnvironmentId environment, RunId run) {
    return requests
        .step(
            transaction -> disconnection.takeBack(transaction, environment, run),
            ended -> ended ? clock.instant() : null)
        .map(ended -> ended ? 1 : 0);
  }
}
