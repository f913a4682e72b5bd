package dev.runcast.subscribe;

import dev.runcast.hub.Hub;
import dev.runcast.hub.log.Pin;
import dev.runcast.hub.stream.StreamReader;
import dev.runcast.hub.stream.StreamSink;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamPage;
import dev.runcast.store.stream.StreamPages;
import dev.runcast.subscribe.revocation.RevocationWatch;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens readers of streams and reads their pages: the same for feeds is {@link SubscribeFlow}. One
 * for each hub, on the hub's event loop.
 */
public final class StreamFlow {
  private static final Duration RETRY = Duration.ofMillis(500);

  private record PageKey(StreamKey stream, long from) {}

  private final Hub hub;
  private final StreamPages pages;
  private final ReadGate gate;
  private final BiConsumer<Duration, Runnable> later;
  private final RevocationWatch revocations;

  /**
   * @param concurrentReads how many pages may be read at once
   * @param later runs something on this event loop after about that long, with jitter
   */
  public StreamFlow(
      Hub hub,
      StreamPages pages,
      int concurrentReads,
      BiConsumer<Duration, Runnable> later,
      RevocationWatch revocations) {
    this.hub = hub;
    this.pages = pages;
    this.gate = new ReadGate(concurrentReads, hub, revocations);
    this.later = later;
    this.revocations = revocations;
  }

  /**
   * Serves a reader. From the moment this returns nothing is missed.
   *
   * @param from the number of the first chunk to send, or {@link StreamReader#LATEST}
   */
  public StreamReader open(StreamKey stream, long from, StreamSink sink) {
    StreamReader reader = new StreamReader(hub.streams(), stream, from, sink, this::page);
    hub.heard().horizons().whenKnown(() -> start(reader));
    return reader;
  }

  /** What the hub has heard until now is known; what it hears from here on finds this one. */
  private void start(StreamReader reader) {
    if (revocations.isRevoked(reader.bearer())) {
      reader.revoke(null);
    } else {
      reader.start();
    }
  }

  private void page(StreamReader reader) {
    long reading = reader.reading();
    long from = Math.max(0, reader.next());
    boolean nothing = reader.next() == StreamReader.LATEST;
    gate.read(
        new PageKey(reader.stream(), nothing ? Long.MAX_VALUE : from),
        () -> pages.page(reader.stream(), nothing ? Long.MAX_VALUE : from),
        (answer, pin) -> taken(reader, reading, answer, pin));
  }

  private void taken(StreamReader reader, long reading, AsyncResult<StreamPage> answer, Pin pin) {
    if (!reader.isReading(reading)) {
      return;
    }
    @Nullable StreamPage page = answer.result();
    if (answer.succeeded() && page != null) {
      reader.take(page, pin);
    } else {
      later.accept(
          RETRY,
          () -> {
            if (reader.isReading(reading)) {
              page(reader);
            }
          });
    }
  }
}
