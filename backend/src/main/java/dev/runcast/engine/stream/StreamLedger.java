package dev.runcast.engine.stream;

import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.stream.StreamTable.NewSegment;
import dev.runcast.store.stream.StreamTable.State;
import dev.runcast.store.stream.StreamTable.Writer;
import dev.runcast.store.stream.StreamTable.WriterId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What pieces add to streams that are locked: chunks that a writer has sent before are left out, by
 * its own count; the rest gets the next numbers, in the order of the pieces. Pure.
 */
final class StreamLedger {
  /** About how much one segment holds, unless a single chunk is longer. */
  private static final int SEGMENT_CHARS = 128 * 1024;

  private final Map<StreamKey, Account> accounts = new LinkedHashMap<>();
  private final Map<WriterId, Writer> writers;
  private final Map<WriterId, Writer> changedWriters = new LinkedHashMap<>();
  private final List<NewSegment> segments = new ArrayList<>();
  private long chunks;

  /** One stream. */
  private static final class Account {
    final State before;
    long nextSeq;
    long revision;
    int writers;
    int count;
    final StringBuilder text = new StringBuilder();

    Account(State before) {
      this.before = before;
      this.nextSeq = before.nextSeq();
      this.revision = before.revision();
      this.writers = before.writers();
    }
  }

  StreamLedger(Map<StreamKey, State> streams, Map<WriterId, Writer> writers) {
    streams.forEach((stream, state) -> accounts.put(stream, new Account(state)));
    this.writers = new HashMap<>(writers);
  }

  /** Whether the stream of a piece is there to be written. */
  boolean holds(Piece piece) {
    return accounts.containsKey(piece.stream());
  }

  /** Takes in the next piece, of a stream that it holds. */
  void take(Piece piece) {
    Account account = accounts.get(piece.stream());
    if (account == null) {
      throw new IllegalStateException("a piece of a stream that is not locked");
    }
    WriterId id = piece.writerId();
    Writer writer = id == null ? null : writers.getOrDefault(id, Writer.NEW);
    switch (piece.step()) {
      case OPENS -> {
        account.writers += writer == null || writer.session() == null ? 1 : 0;
        note(id, writer, piece.writer().session());
      }
      case CLOSES -> {
        if (writer == null) {
          account.writers--;
        } else if (piece.writer().session().equals(writer.session())) {
          account.writers--;
          note(id, writer, null);
        }
      }
      case GOES_ON -> append(piece, account, writer);
    }
  }

  private void append(Piece piece, Account account, @Nullable Writer writer) {
    long last = piece.firstIndex() + piece.chunks().size() - 1;
    long known = writer == null ? 0 : Math.max(0, writer.lastIndex() + 1 - piece.firstIndex());
    for (String chunk :
        piece
            .chunks()
            .subList((int) Math.min(known, piece.chunks().size()), piece.chunks().size())) {
      if (account.count > 0 && account.text.length() + chunk.length() > SEGMENT_CHARS) {
        cut(piece.stream(), account);
      }
      account.text.append(account.count == 0 ? "" : "\n").append(chunk);
      account.count++;
      chunks++;
    }
    WriterId id = piece.writerId();
    if (id != null && writer != null && last > writer.lastIndex()) {
      keep(id, new Writer(last, writer.session()));
    }
  }

  private void note(@Nullable WriterId id, @Nullable Writer writer, @Nullable String session) {
    if (id != null && writer != null) {
      keep(id, new Writer(writer.lastIndex(), session));
    }
  }

  private void keep(WriterId id, Writer writer) {
    writers.put(id, writer);
    changedWriters.put(id, writer);
  }

  private void cut(StreamKey stream, Account account) {
    account.revision++;
    segments.add(
        new NewSegment(
            stream,
            account.revision,
            account.nextSeq,
            account.count,
            account.text.toString(),
            Math.max(0, account.writers)));
    account.nextSeq += account.count;
    account.count = 0;
    account.text.setLength(0);
  }

  /** What is to be stored, once all pieces were taken; the last of a stream's tells its writers. */
  List<NewSegment> segments() {
    accounts.forEach(
        (stream, account) -> {
          if (account.count > 0 || account.writers != account.before.writers()) {
            cut(stream, account);
          }
        });
    return segments;
  }

  /** Where the streams of {@link #segments} then are. */
  Map<StreamKey, State> streams() {
    Map<StreamKey, State> moved = new HashMap<>();
    accounts.forEach(
        (stream, account) -> {
          if (account.revision != account.before.revision()) {
            moved.put(
                stream, new State(account.nextSeq, account.revision, Math.max(0, account.writers)));
          }
        });
    return moved;
  }

  /** The writers that have come further. */
  Map<WriterId, Writer> writers() {
    return changedWriters;
  }

  /** How many chunks were new. */
  long chunks() {
    return chunks;
  }
}
