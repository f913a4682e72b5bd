package dev.runcast.subscribe;

import dev.runcast.hub.Hub;
import dev.runcast.hub.log.Pin;
import dev.runcast.subscribe.revocation.RevocationWatch;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the reads of one event loop. Reads that wait and ask for the same are made once; one that
 * has begun is not shared, since its snapshot may be older than the one who asks. While a read is
 * under way the ring of recent changes is pinned, so that what its snapshot does not show can be
 * replayed when the answer comes. Owned by its event loop.
 */
final class ReadGate {
  private static final Logger LOG = LoggerFactory.getLogger(ReadGate.class);
  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

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
  private final RevocationWatch revocations;
  private final Map<Object, Waiting> waiting = new LinkedHashMap<>();
  private int running;

  private long quietUntilNanos = System.nanoTime();

  ReadGate(int limit, Hub hub, RevocationWatch revocations) {
    this.limit = limit;
    this.hub = hub;
    this.revocations = revocations;
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
    Pin pin = hub.heard().pin();
    Future.succeededFuture()
        .compose(now -> next.read.get())
        // What this snapshot shows may be ahead of the log; so then is who may not see it any more.
        .compose(answer -> revocations.check().map(answer))
        .compose(answer -> ofSameSession(pin, answer))
        .onComplete(
            result -> {
              running--;
              note(result);
              @Nullable RuntimeException thrown = giveAll(next, result, pin);
              hub.heard().unpin(pin);
              startNext();
              if (thrown != null) {
                throw thrown;
              }
            });
  }

  /** One who throws must not keep the answer from others, nor the next reads from their turn. */
  private static @Nullable RuntimeException giveAll(
      Waiting asked, AsyncResult<Object> result, Pin pin) {
    RuntimeException thrown = null;
    for (BiConsumer<AsyncResult<Object>, Pin> answer : asked.answers) {
      try {
        answer.accept(result, pin);
      } catch (RuntimeException e) {
        thrown = e;
      }
    }
    return thrown;
  }

  /** Logs that reads fail, once a minute at most: every feed tries on. */
  private void note(AsyncResult<Object> result) {
    if (result.failed() && System.nanoTime() - quietUntilNanos > 0) {
      LOG.warn("a feed can't be read from the database and waits: {}", result.cause().getMessage());
      quietUntilNanos = System.nanoTime() + QUIET_NANOS;
    }
  }

  private Future<Object> ofSameSession(Pin pin, Object answer) {
    return hub.heard().isOfThisSession(pin)
        ? Future.succeededFuture(answer)
        : Future.failedFuture("the replication session changed during the read");
  }
}
