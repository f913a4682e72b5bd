package dev.runcast.engine.stream;

import dev.runcast.engine.RefusedException;
import dev.runcast.run.RunId;
import dev.runcast.store.Database;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what all writers of a node send and stores it in one transaction at a time, with some
 * milliseconds between two, so that many streams cost Postgres no more than one. Deploy one a node.
 *
 * <p>What a writer sends is stored in the order in which it came, or not at all: once something of
 * it was lost, whatever it sent after that is lost too, so that how far it has come is never told
 * wrongly.
 */
public final class ChunkWriter extends VerticleBase {
  /** From the begin of one transaction to that of the next, at least. */
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(12);

  private static final int TRANSACTION_BYTES = 4 << 20;
  private static final int QUEUE_BYTES = 32 << 20;

  private record Waiting(Piece piece, Promise<Void> stored) {}

  private final Database database;
  private final LongConsumer onStored;

  /** What is queued or being stored, for other threads to see. */
  private final AtomicLong heldBytes = new AtomicLong();

  private final AtomicInteger heldPieces = new AtomicInteger();

  // What follows is owned by the verticle's context.
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private List<Waiting> underWay = List.of();
  private boolean timerIsSet;
  private long begunAt = System.nanoTime() - PACE_NANOS;

  /**
   * @param onStored told how many chunks were stored, each time
   */
  public ChunkWriter(Database database, LongConsumer onStored) {
    this.database = database;
    this.onStored = onStored;
  }

  /** Whether so much waits for Postgres that writers should wait too. From any thread. */
  boolean isFull() {
    return heldBytes.get() > QUEUE_BYTES;
  }

  /**
   * Stores a piece with the next transaction.
   *
   * @return completes on the caller's context once it was committed
   */
  Future<Void> write(Piece piece) {
    Promise<Void> stored = ((ContextInternal) vertx.getOrCreateContext()).promise();
    heldBytes.addAndGet(piece.weight());
    heldPieces.incrementAndGet();
    home().runOnContext(here -> take(new Waiting(piece, stored)));
    return stored.future();
  }

  /**
   * Stores what this node holds of a run, without waiting for its turn.
   *
   * @return completes on the caller's context, whatever became of it; at once when there is nothing
   */
  Future<Void> flush(RunId run) {
    if (heldPieces.get() == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> flushed = ((ContextInternal) vertx.getOrCreateContext()).promise();
    home()
        .runOnContext(
            here -> {
              List<Future<Void>> held = held(run);
              if (held.isEmpty()) {
                flushed.complete();
              } else {
                Future.join(held).onComplete(done -> flushed.complete());
                begin();
              }
            });
    return flushed.future();
  }

  private List<Future<Void>> held(RunId run) {
    List<Future<Void>> held = new ArrayList<>();
    underWay.forEach(waiting -> addIfOf(run, waiting, held));
    queue.forEach(waiting -> addIfOf(run, waiting, held));
    return held;
  }

  private static void addIfOf(RunId run, Waiting waiting, List<Future<Void>> held) {
    if (waiting.piece.stream().run().equals(run)) {
      held.add(waiting.stored.future());
    }
  }

  private Context home() {
    @Nullable Context home = context;
    if (home == null) {
      throw new IllegalStateException("not deployed");
    }
    return home;
  }

  private void take(Waiting waiting) {
    if (isLost(waiting.piece)) {
      lose(waiting);
      return;
    }
    queue.addLast(waiting);
    plan();
  }

  /** That a writer is done may be noted even so. */
  private static boolean isLost(Piece piece) {
    return piece.writer().isBroken() && piece.step() == Piece.Step.GOES_ON;
  }

  private void lose(Waiting waiting) {
    release(waiting);
    waiting.stored.fail(
        new IllegalStateException("what came before it from the same writer was not stored"));
  }

  private void plan() {
    if (timerIsSet || !underWay.isEmpty() || queue.isEmpty()) {
      return;
    }
    long left = begunAt + PACE_NANOS - System.nanoTime();
    if (left <= 0) {
      begin();
    } else {
      timerIsSet = true;
      vertx.setTimer(
          Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)),
          timer -> {
            timerIsSet = false;
            begin();
          });
    }
  }

  private void begin() {
    if (!underWay.isEmpty() || queue.isEmpty()) {
      return;
    }
    begunAt = System.nanoTime();
    List<Waiting> taken = taken();
    underWay = taken;
    List<Piece> pieces = taken.stream().map(Waiting::piece).toList();
    database
        .transaction(transaction -> Storing.store(transaction, pieces))
        .onComplete(
            result -> {
              underWay = List.of();
              settle(taken, result);
              plan();
            });
  }

  private List<Waiting> taken() {
    List<Waiting> taken = new ArrayList<>();
    int bytes = 0;
    while (!queue.isEmpty() && bytes < TRANSACTION_BYTES) {
      Waiting next = queue.removeFirst();
      bytes += next.piece.weight();
      taken.add(next);
    }
    return taken;
  }

  private void settle(List<Waiting> taken, AsyncResult<StreamLedger> result) {
    taken.forEach(this::release);
    @Nullable StreamLedger ledger = result.result();
    for (Waiting waiting : taken) {
      if (ledger == null) {
        fail(waiting, result.cause());
      } else if (ledger.holds(waiting.piece)) {
        waiting.stored.complete();
      } else {
        fail(waiting, gone());
      }
    }
    loseTheRest();
    if (ledger != null) {
      onStored.accept(ledger.chunks());
    }
  }

  private static void fail(Waiting waiting, Throwable cause) {
    waiting.piece.writer().breaks();
    waiting.stored.fail(cause);
  }

  private void loseTheRest() {
    for (Iterator<Waiting> rest = queue.iterator(); rest.hasNext(); ) {
      Waiting waiting = rest.next();
      if (isLost(waiting.piece)) {
        rest.remove();
        lose(waiting);
      }
    }
  }

  private void release(Waiting waiting) {
    heldBytes.addAndGet(-waiting.piece.weight());
    heldPieces.decrementAndGet();
  }

  private static RefusedException gone() {
    return RefusedException.unknown("The run of this stream is not there any more.");
  }
}
