package dev.runcast.http.api.batch;

import dev.runcast.engine.batch.BatchItems.Added;
import dev.runcast.engine.batch.BatchItems.Item;
import dev.runcast.http.RequestBrokeException;
import dev.runcast.http.api.request.Lines;
import dev.runcast.http.limit.BodyClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The items of one request. They are taken in by the chunk while the rest is still under way; no
 * more of the body is read while a chunk is being written, so that neither a long body nor a slow
 * database fills the memory. Owned by the event loop of its request.
 */
final class ItemStream {
  private static final int CHUNK_ITEMS = 100;
  private static final int CHUNK_BYTES = 1 << 20;

  /**
   * What came of all items.
   *
   * @param position the xid of the transaction that made the last run; null when none was made
   */
  record Total(int accepted, int repeated, @Nullable Long position) {
    private Total plus(Added added) {
      return new Total(
          accepted + added.accepted(),
          repeated + added.repeated(),
          added.position() == null ? position : added.position());
    }
  }

  private final Lines lines;
  private final Function<Lines.Line, Item> parse;
  private final Function<List<Item>, Future<Added>> write;
  private final Promise<Total> outcome = Promise.promise();
  private Future<Void> work = Future.succeededFuture();
  private List<Item> chunk = new ArrayList<>();
  private int chunkBytes;
  private Total total = new Total(0, 0, null);

  ItemStream(
      Lines lines, Function<Lines.Line, Item> parse, Function<List<Item>, Future<Added>> write) {
    this.lines = lines;
    this.parse = parse;
    this.write = write;
  }

  /**
   * Reads the whole body. At the first item that can't be taken it fails at once; what is still to
   * come is then let go of as it comes, so that the answer can reach a client that is sending.
   *
   * @param ready must have succeeded before the first item is parsed
   * @param clock runs while it is the client that is waited for
   */
  Future<Total> read(HttpServerRequest request, Future<Void> ready, BodyClock clock) {
    then(done -> ready);
    request.exceptionHandler(broke -> outcome.tryFail(new RequestBrokeException(broke)));
    request.handler(
        piece -> {
          clock.stop();
          request.pause();
          then(done -> take(piece)).onComplete(taken -> goOn(request, clock));
        });
    clock.start();
    request.endHandler(
        end -> {
          clock.stop();
          then(done -> takeLines(lines.rest()));
          then(done -> flush()).onSuccess(done -> outcome.tryComplete(total));
        });
    return outcome.future().onComplete(known -> clock.stop());
  }

  private void goOn(HttpServerRequest request, BodyClock clock) {
    if (!outcome.future().isComplete()) {
      clock.start();
    }
    request.resume();
  }

  /** Fails unless the outcome is known. What was written stays. */
  void giveUp(Throwable reason) {
    outcome.tryFail(reason);
  }

  private Future<Void> then(Function<Void, Future<Void>> step) {
    work = work.compose(step).onFailure(outcome::tryFail);
    return work;
  }

  private Future<Void> take(Buffer piece) {
    return takeLines(lines.take(piece));
  }

  private Future<Void> takeLines(List<Lines.Line> ended) {
    for (Lines.Line line : ended) {
      chunk.add(parse.apply(line));
      chunkBytes += line.text().length();
    }
    return chunk.size() >= CHUNK_ITEMS || chunkBytes >= CHUNK_BYTES
        ? flush()
        : Future.succeededFuture();
  }

  private Future<Void> flush() {
    if (chunk.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Item> full = chunk;
    chunk = new ArrayList<>();
    chunkBytes = 0;
    return write
        .apply(full)
        .map(
            added -> {
              total = total.plus(added);
              return null;
            });
  }
}
