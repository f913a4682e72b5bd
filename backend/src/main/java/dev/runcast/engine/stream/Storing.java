package dev.runcast.engine.stream;

import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.Transaction;
import dev.runcast.store.stream.StreamTable;
import dev.runcast.store.stream.StreamTable.NewSegment;
import dev.runcast.store.stream.StreamTable.WriterId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Stores pieces of any number of streams in one transaction. */
final class Storing {
  private Storing() {}

  /**
   * Stores what of the pieces is new.
   *
   * @return what was stored; pieces of streams that are not there are left out
   */
  static Future<StreamLedger> store(Transaction transaction, List<Piece> pieces) {
    StreamTable table = new StreamTable(transaction);
    Set<StreamKey> streams = pieces.stream().map(Piece::stream).collect(Collectors.toSet());
    Set<WriterId> writers =
        pieces.stream().map(Piece::writerId).filter(Objects::nonNull).collect(Collectors.toSet());
    return table
        .lock(streams)
        .compose(locked -> table.writers(writers).map(known -> new StreamLedger(locked, known)))
        .compose(
            ledger -> {
              pieces.stream().filter(ledger::holds).forEach(ledger::take);
              return store(table, ledger).map(ledger);
            });
  }

  private static Future<Void> store(StreamTable table, StreamLedger ledger) {
    List<NewSegment> segments = ledger.segments();
    return segments.isEmpty() && ledger.writers().isEmpty()
        ? Future.succeededFuture()
        : table.store(segments, ledger.streams(), ledger.writers());
  }
}
