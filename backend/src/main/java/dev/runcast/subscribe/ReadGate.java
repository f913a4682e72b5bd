package dev.runcast.subscribe;

import dev.runcast.hub.Hub;
import dev.runcast.hub.log.Pin;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Bounds the reads of one event loop. Reads that wait and ask for the same are made once; one that
 * has begun is not shared, since its snapshot may be older than the one who asks. While a read is
 * under way the ring of recent changes is pinned, so that what its snapshot does not show can be
 * replayed when the answer comes. Owned by its event loop.
 */
final class ReadGate {

  /** A read that waits for its turn, and all who want its answer. */
  private static final class Waiting {
    final Supplier<Future<Object>> read;
    final List<BiConsumer<AsyncResult<Object>, Pin>> answers = new ArrayList<>(1);

    Waiting(Supplier<Future<Object>> read) {
      this.read = read;
    }
  }

  private final int limit;
  private final Hub hub;
  private final Map<Object, Waiting> waiting = new LinkedHashMap<>();
  private int running;

  ReadGate(int limit, Hub hub) {
    this.limit = limit;
    this.hub = hub;
  }

  /**
   * Makes the read now or in turn.
   *
   * @param key equal for reads that ask for the same, of the same answer type
   * @param answer called on this event loop, in the same turn for all who shared the read
   */
  @SuppressWarnings("unchecked") // a key stands for one type of answer
  <T> void read(Object key, Supplier<Future<T>> read, BiConsumer<AsyncResult<T>, Pin> answer) {
    Waiting shared =
        waiting.computeIfAbsent(
            key, absent -> new Waiting((Supplier<Future<Object>>) (Supplier<?>) read));
    shared.answers.add((BiConsumer<AsyncResult<Object>, Pin>) (BiConsumer<?, ?>) answer);
    startNext();
  }

  private void startNext() {
    while (running < limit && !waiting.isEmpty()) {
      Object key = waiting.keySet().iterator().next();
      Waiting next = waiting.remove(key);
      if (next != null) {
        start(next);
      }
    }
  }

  private void start(Waiting next) {
    running++;
    Pin pin = hub.pin();
    next.read
        .get()
        .compose(answer -> ofSameSession(pin, answer))
        .onComplete(
            result -> {
              running--;
              next.answers.forEach(answer -> answer.accept(result, pin));
              hub.unpin(pin);
              startNext();
            });
  }

  private Future<Object> ofSameSession(Pin pin, Object answer) {
    return hub.isOfThisSession(pin)
        ? Future.succeededFuture(answer)
        : Future.failedFuture("the replication session changed during the read");
  }
}
