package dev.runcast.http.stream;

import dev.runcast.engine.stream.StreamWriter;
import dev.runcast.engine.stream.Streams;
import dev.runcast.http.ApiException;
import dev.runcast.http.RequestBrokeException;
import dev.runcast.http.limit.BodyClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One request that writes a stream: its lines are on their way to the database while the rest of it
 * is still to come. Once too much is on its way no more is read, so that neither a long body nor a
 * slow database fills the memory. Owned by the event loop of its request.
 */
final class Ingest {
  /** Characters that one request may have on their way, about. */
  private static final int WINDOW = 256 * 1024;

  /** How long a writer may say nothing; it takes as long for one that is gone to be forgotten. */
  static final Duration PATIENCE = Duration.ofMinutes(15);

  /** How long a writer whose connection broke is waited for before it counts as done. */
  private static final Duration COME_BACK = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Streams streams;
  private final ChunkLines lines;
  private final BodyClock clock;
  private final Future<StreamWriter> opened;
  private final Promise<Void> outcome = Promise.promise();

  private List<String> gathered = new ArrayList<>();
  private long nextIndex;
  private int onTheWay;

  /**
   * @param opened who writes; what comes before it is known waits for it
   * @param firstIndex the writer's own count of the first line
   */
  Ingest(
      Vertx vertx,
      HttpServerRequest request,
      Streams streams,
      ChunkText text,
      Future<StreamWriter> opened,
      long firstIndex) {
    this.vertx = vertx;
    this.request = request;
    this.streams = streams;
    this.opened = opened;
    this.nextIndex = firstIndex;
    this.lines =
        new ChunkLines(streams.limits().chunkBytes(), line -> gathered.add(text.ofLine(line)));
    this.clock = new BodyClock(vertx, PATIENCE, () -> outcome.tryFail(BodyClock.tooSlow(PATIENCE)));
  }

  /**
   * Reads the whole body; to be called in the turn in which the request came.
   *
   * @return completes once the last line was stored; fails at once with the first that can't be,
   *     and then lets go of what is still to come, so that the answer can reach who is sending
   */
  Future<Void> read() {
    opened.onFailure(outcome::tryFail);
    request.exceptionHandler(broke -> outcome.tryFail(new RequestBrokeException(broke)));
    request.handler(
        piece -> {
          clock.stop();
          request.pause();
          opened.onSuccess(writer -> take(writer, piece));
        });
    request.endHandler(
        end -> {
          clock.stop();
          opened.onSuccess(this::end);
        });
    clock.start();
    return outcome
        .future()
        .onComplete(
            known -> {
              clock.stop();
              request.resume();
            })
        .onFailure(cause -> opened.onSuccess(writer -> leave(writer, cause)));
  }

  private void take(StreamWriter writer, Buffer piece) {
    if (!outcome.future().isComplete()) {
      try {
        lines.take(piece);
      } catch (RuntimeException refused) {
        outcome.tryFail(refused);
      }
      send(writer);
    }
    goOn();
  }

  private void send(StreamWriter writer) {
    if (gathered.isEmpty()) {
      return;
    }
    List<String> chunks = gathered;
    gathered = new ArrayList<>();
    int weight = chunks.stream().mapToInt(String::length).sum();
    onTheWay += weight;
    streams
        .append(writer, nextIndex, chunks)
        .onFailure(outcome::tryFail)
        .onComplete(
            stored -> {
              onTheWay -= weight;
              goOn();
            });
    nextIndex += chunks.size();
  }

  private void goOn() {
    if (outcome.future().isComplete()) {
      request.resume();
    } else if (onTheWay < WINDOW && (onTheWay == 0 || !streams.isFull())) {
      clock.start();
      request.resume();
    }
  }

  private void end(StreamWriter writer) {
    if (outcome.future().isComplete()) {
      return;
    }
    try {
      lines.end();
      send(writer);
      streams.close(writer).onComplete(outcome);
    } catch (RuntimeException refused) {
      outcome.tryFail(refused);
    }
  }

  /** Whose connection broke may come back soon; who was refused will not. */
  private void leave(StreamWriter writer, Throwable cause) {
    boolean refused = cause instanceof ApiException answer && !answer.error().isRetryable();
    if (writer.mayComeBack() && !refused) {
      vertx.setTimer(COME_BACK.toMillis(), over -> streams.close(writer));
    } else {
      streams.close(writer);
    }
  }
}
