package dev.runcast.engine.stream;

import dev.runcast.engine.RefusedException;
import dev.runcast.engine.Requests;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.stream.StreamTable;
import dev.runcast.store.stream.StreamTable.Lock;
import dev.runcast.store.stream.StreamTable.StreamRun;
import dev.runcast.store.stream.StreamTable.Target;
import dev.runcast.store.stream.StreamTable.Writer;
import dev.runcast.store.stream.StreamTable.WriterId;
import dev.runcast.store.wait.InputWaitTable;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What writers of streams do. Safe to use from any event loop; answers come back there. */
public final class Streams {
  private final Database database;
  private final Requests requests;
  private final ChunkWriter chunks;
  private final Limits limits;

  /**
   * What writers are held to.
   *
   * @param chunkBytes of one chunk, in UTF-8
   * @param perRun how many streams a run names
   */
  public record Limits(int chunkBytes, int perRun) {}

  /**
   * A stream as a writer names it.
   *
   * @param target the run that is meant, seen from this one
   */
  public record Name(EnvironmentId environment, RunId run, Target target, String key) {
    /** What is sent in to a run is not among the streams that it puts out. */
    boolean isInput() {
      return new StreamKey(environment, run, key).isInput();
    }

    StreamKey of(StreamRun meant) {
      return new StreamKey(environment, meant.id(), key);
    }
  }

  public Streams(Database database, Requests requests, ChunkWriter chunks, Limits limits) {
    this.database = database;
    this.requests = requests;
    this.chunks = chunks;
    this.limits = limits;
  }

  public Limits limits() {
    return limits;
  }

  /**
   * Has the run name a stream, which its subscribers hear; nothing is written if it does.
   *
   * @return the xid of the transaction that wrote it; empty when none did
   */
  public Future<Optional<Long>> register(Name name) {
    return find(new StreamTable(database.autocommit()), name, Lock.NONE)
        .compose(
            run -> {
              requireUnfinished(run);
              return run.knowsKey()
                  ? Future.succeededFuture(Optional.empty())
                  : database.transaction(
                      transaction ->
                          prepare(transaction, name, null).compose(there -> transaction.xid()));
            });
  }

  /**
   * Begins to write.
   *
   * @param client by which the writer is known when it comes back; null if it can't
   */
  public Future<StreamWriter> open(Name name, @Nullable String client) {
    String session = UUID.randomUUID().toString();
    return database.transaction(
        transaction ->
            prepare(transaction, name, client)
                .map(stream -> new StreamWriter(stream, client, session))
                .compose(
                    writer ->
                        Storing.store(transaction, List.of(Piece.opening(writer))).map(writer)));
  }

  /**
   * Stores chunks of a writer, in the order in which they are given.
   *
   * @param firstIndex the writer's own count of the first
   * @param texts JSON texts without line breaks
   */
  public Future<Void> append(StreamWriter writer, long firstIndex, List<String> texts) {
    return chunks.write(Piece.of(writer, firstIndex, texts));
  }

  /** Whether so much waits to be stored that writers should wait too. */
  public boolean isFull() {
    return chunks.isFull();
  }

  /** Notes that a writer is done, behind all that it has sent. */
  public Future<Void> close(StreamWriter writer) {
    return chunks.write(Piece.closing(writer));
  }

  /**
   * Stores one chunk on its own. One that is sent in to a run completes what waits for it.
   *
   * @param part tells repetitions of the same chunk; null when they can't be told
   * @return the xid of its transaction
   */
  public Future<Optional<Long>> appendOne(Name name, @Nullable String part, String text) {
    return requests
        .step(
            transaction ->
                prepare(transaction, name, null)
                    .map(stream -> new StreamWriter(stream, part, ""))
                    .compose(writer -> appendOne(transaction, writer, text)),
            appended -> appended.ended() ? Instant.now() : null)
        .map(Appended::xid);
  }

  /** What came of one chunk. */
  private record Appended(Optional<Long> xid, boolean ended) {}

  private static Future<Appended> appendOne(
      Transaction transaction, StreamWriter writer, String text) {
    StreamKey stream = writer.stream();
    return Storing.store(transaction, List.of(Piece.of(writer, 0, List.of(text))))
        .compose(
            stored ->
                stream.isInput()
                    ? new InputWaitTable(transaction).fulfil(stream)
                    : Future.succeededFuture(0))
        .compose(ended -> transaction.xid().map(xid -> new Appended(xid, ended > 0)));
  }

  /**
   * How far a writer has come: the index of its last chunk that is stored, or -1.
   *
   * @param client by which it is known; null for one that is not
   */
  public Future<Long> lastIndex(Name name, @Nullable String client) {
    StreamTable table = new StreamTable(database.autocommit());
    return find(table, name, Lock.NONE)
        .compose(
            run ->
                client == null
                    ? Future.succeededFuture(Writer.NEW)
                    : writer(table, new WriterId(name.of(run), client)))
        .map(Writer::lastIndex);
  }

  /** Stores what this node holds of a run; never fails. */
  public Future<Void> flush(RunId run) {
    return chunks.flush(run);
  }

  /** Locks the run, so that it can't be completed meanwhile, and sees to it that all is there. */
  private Future<StreamKey> prepare(Transaction transaction, Name name, @Nullable String client) {
    StreamTable table = new StreamTable(transaction);
    return find(table, name, Lock.NONE)
        .compose(
            run -> find(table, name, run.knowsKey() || name.isInput() ? Lock.SHARED : Lock.OWN))
        .compose(run -> requireWritable(table, name, run, client))
        .compose(run -> announce(table, name, run))
        .compose(stream -> table.create(stream).map(stream));
  }

  /** Who began before the run was done may come back to deliver the rest. */
  private static Future<StreamRun> requireWritable(
      StreamTable table, Name name, StreamRun run, @Nullable String client) {
    if (!run.isOver()) {
      return Future.succeededFuture(run);
    }
    if (client == null) {
      requireUnfinished(run);
    }
    return writer(table, new WriterId(name.of(run), String.valueOf(client)))
        .map(
            writer -> {
              if (writer.session() == null) {
                requireUnfinished(run);
              }
              return run;
            });
  }

  private static Future<Writer> writer(StreamTable table, WriterId id) {
    return table.writers(Set.of(id)).map(found -> found.getOrDefault(id, Writer.NEW));
  }

  private Future<StreamKey> announce(StreamTable table, Name name, StreamRun run) {
    StreamKey stream = name.of(run);
    if (run.knowsKey() || name.isInput()) {
      return Future.succeededFuture(stream);
    }
    if (run.streams() >= limits.perRun()) {
      throw RefusedException.unprocessable(
          "key",
          "Run %s has %d streams, the most that a run may have."
              .formatted(run.id(), run.streams()));
    }
    return table.announce(stream).map(stream);
  }

  private static Future<StreamRun> find(StreamTable table, Name name, Lock lock) {
    return table
        .run(name.environment(), name.run(), name.target(), name.key(), lock)
        .map(found -> found.orElseThrow(() -> unknown(name.run())));
  }

  private static void requireUnfinished(StreamRun run) {
    if (run.isOver()) {
      throw RefusedException.unprocessable(
          "run", "Run %s has finished; nothing is added to its streams.".formatted(run.id()));
    }
  }

  private static RefusedException unknown(RunId run) {
    return RefusedException.unknown(
        "There is no run '%s' in this environment, or not any more.".formatted(run));
  }
}
