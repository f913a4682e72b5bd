package dev.runcast.engine;

import dev.runcast.run.RunId;
import dev.runcast.store.Transaction;
import dev.runcast.store.table.NewRun;
import dev.runcast.store.worker.BoundVersions;
import dev.runcast.store.worker.BoundVersions.Asked;
import dev.runcast.store.worker.BoundVersions.Lacking;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which new runs are bound to a build that has not their task: they would wait for ever. */
public final class Builds {

  private Builds() {}

  /** Why those of the runs can't be executed that no build will ever execute. */
  public static Future<Map<RunId, RefusedException>> lacking(
      Transaction transaction, List<NewRun> runs) {
    Map<RunId, Asked> asked = new HashMap<>();
    for (NewRun run : runs) {
      Asked one = asked(run);
      if (one != null) {
        asked.put(run.id(), one);
      }
    }
    return asked.isEmpty()
        ? Future.succeededFuture(Map.of())
        : new BoundVersions(transaction)
            .lacking(runs.get(0).environment(), asked.values().stream().distinct().toList())
            .map(lacking -> refusals(asked, lacking));
  }

  private static Map<RunId, RefusedException> refusals(
      Map<RunId, Asked> asked, List<Lacking> lacking) {
    Map<Asked, Lacking> byAsked = new HashMap<>();
    lacking.forEach(one -> byAsked.put(one.asked(), one));
    Map<RunId, RefusedException> refusals = new HashMap<>();
    asked.forEach(
        (run, one) -> {
          Lacking found = byAsked.get(one);
          if (found != null) {
            refusals.put(run, refusal(found));
          }
        });
    return refusals;
  }

  /** Refuses a run that no build will ever execute. */
  static Future<Void> require(Transaction transaction, NewRun run) {
    return lacking(transaction, List.of(run))
        .compose(
            lacking ->
                lacking.isEmpty()
                    ? Future.succeededFuture()
                    : Future.failedFuture(lacking.values().iterator().next()));
  }

  private static @Nullable Asked asked(NewRun run) {
    String version = run.traits().lockedVersion();
    return version == null ? null : new Asked(run.task(), version);
  }

  private static RefusedException refusal(Lacking lacking) {
    return RefusedException.unprocessable(
        "lockToVersion",
        "Version %s %s task %s; the newest that has it is %s: name that, or none."
            .formatted(
                lacking.asked().version(),
                lacking.isRegistered()
                    ? "has no"
                    : "is none of this environment's builds, and can't execute",
                lacking.asked().task(),
                lacking.latest()));
  }
}
