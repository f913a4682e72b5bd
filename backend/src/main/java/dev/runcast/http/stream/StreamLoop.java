package dev.runcast.http.stream;

import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.sse.SseLoop;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * What all readers of streams of one event loop share: one timer, by which they are pinged and
 * noticed to be silent. Made on that loop's context and confined to it.
 */
public final class StreamLoop {
  private static final long LOOK_MILLIS = 1_000;

  private final FeedLoop feeds;
  private final SseLoop events;
  private final LongConsumer onSent;
  private final Set<StreamConnection> connections = new LinkedHashSet<>();

  /**
   * @param onSent told how many chunks were sent, each time
   */
  public StreamLoop(Vertx vertx, FeedLoop feeds, SseLoop events, LongConsumer onSent) {
    this.feeds = feeds;
    this.events = events;
    this.onSent = onSent;
    vertx.setPeriodic(LOOK_MILLIS, timer -> look());
  }

  private void look() {
    long now = now();
    List.copyOf(connections).forEach(connection -> connection.look(now));
  }

  long now() {
    return feeds.now();
  }

  SseLoop events() {
    return events;
  }

  void sent(long chunks) {
    onSent.accept(chunks);
  }

  void later(long millis, Runnable task) {
    feeds.later(millis, task);
  }

  void add(StreamConnection connection) {
    connections.add(connection);
  }

  void remove(StreamConnection connection) {
    connections.remove(connection);
  }
}
