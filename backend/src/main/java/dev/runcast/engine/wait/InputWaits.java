package dev.runcast.engine.wait;

import dev.runcast.engine.RefusedException;
import dev.runcast.engine.waitpoint.Waitpoints;
import dev.runcast.engine.waitpoint.Waitpoints.Created;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.Transaction;
import dev.runcast.store.stream.StreamTable;
import dev.runcast.store.stream.StreamTable.Lock;
import dev.runcast.store.stream.StreamTable.StreamRun;
import dev.runcast.store.stream.StreamTable.Target;
import dev.runcast.store.wait.InputWaitTable;
import dev.runcast.store.waitpoint.NewWaitpoint;
import io.vertx.core.Future;
import java.util.Set;

/**
 * Waitpoints that the next chunk of what is sent in to a run completes. Whoever sends one in holds
 * the stream's row as well, so that no chunk comes unnoticed between the look and the wait.
 */
public final class InputWaits {
  private InputWaits() {}

  /**
   * Makes a waitpoint, or finds the one that its idempotency key stands for. It has ended when this
   * returns, if the chunk was there before.
   *
   * <p>Fails with a {@link RefusedException} when there is no such run, or it has finished.
   *
   * @param after the number of the last chunk that the task has had; -1 for none
   */
  public static Future<Created> create(
      Transaction transaction, NewWaitpoint asked, StreamKey stream, long after) {
    StreamTable streams = new StreamTable(transaction);
    return streams
        .run(stream.environment(), stream.run(), Target.SELF, stream.key(), Lock.SHARED)
        .compose(
            run -> {
              requireUnfinished(run.orElseThrow(() -> unknown(stream)));
              return streams.create(stream);
            })
        .compose(there -> streams.lock(Set.of(stream)))
        .compose(locked -> Waitpoints.create(transaction, asked))
        .compose(
            created ->
                created.cached()
                    ? Future.succeededFuture(created)
                    : bind(transaction, stream, created, after));
  }

  private static Future<Created> bind(
      Transaction transaction, StreamKey stream, Created created, long after) {
    InputWaitTable waits = new InputWaitTable(transaction);
    return waits
        .insert(stream, created.id(), after)
        .compose(inserted -> waits.fulfil(stream))
        .map(created);
  }

  private static void requireUnfinished(StreamRun run) {
    if (run.isOver()) {
      throw RefusedException.unprocessable(
          "run", "Run %s has finished; nothing can be sent in to it.".formatted(run.id()));
    }
  }

  private static RefusedException unknown(StreamKey stream) {
    return RefusedException.unknown(
        "There is no run '%s' in this environment, or not any more.".formatted(stream.run()));
  }
}
