package dev.runcast.engine.stream;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.stream.StreamTable;
import dev.runcast.store.stream.StreamTable.State;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stores what was traced of runs, as chunks of a stream of each that no task can name. A run may be
 * done: its last spans end with it. Safe to use from any event loop.
 */
public final class Traces {
  /** How many entries are kept of a run; what comes after them is left out. */
  public static final int MAX_ENTRIES = 20_000;

  private final Database database;

  public Traces(Database database) {
    this.database = database;
  }

  /**
   * Stores entries of runs of an environment.
   *
   * @param entries texts of one line each
   * @return how many were stored: those of runs that are not there are left out
   */
  public Future<Integer> append(EnvironmentId environment, Map<RunId, List<String>> entries) {
    if (entries.isEmpty()) {
      return Future.succeededFuture(0);
    }
    return database.transaction(
        transaction ->
            new StreamTable(transaction)
                .createTraces(environment, entries.keySet())
                .compose(made -> store(transaction, environment, entries)));
  }

  private static Future<Integer> store(
      Transaction transaction, EnvironmentId environment, Map<RunId, List<String>> entries) {
    List<StreamKey> streams =
        entries.keySet().stream().map(run -> StreamKey.trace(environment, run)).toList();
    return new StreamTable(transaction)
        .lock(streams)
        .map(locked -> pieces(locked, entries))
        .compose(
            pieces ->
                pieces.isEmpty()
                    ? Future.succeededFuture(0)
                    : Storing.store(transaction, pieces).map(ledger -> (int) ledger.chunks()));
  }

  private static List<Piece> pieces(
      Map<StreamKey, State> locked, Map<RunId, List<String>> entries) {
    List<Piece> pieces = new ArrayList<>();
    locked.forEach(
        (stream, state) -> {
          List<String> all = entries.getOrDefault(stream.run(), List.of());
          int room = (int) Math.max(0, MAX_ENTRIES - state.nextSeq());
          if (room > 0) {
            StreamWriter writer = new StreamWriter(stream, null, "");
            pieces.add(Piece.of(writer, 0, all.subList(0, Math.min(room, all.size()))));
          }
        });
    return pieces;
  }
}
