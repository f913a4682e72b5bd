package dev.runcast.http.realtime.sse;

import dev.runcast.http.realtime.FeedLoop;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * What all sinks of one event loop share beside the {@link FeedLoop}: how their bytes are made and
 * flushed. Confined to that loop.
 */
public final class SseLoop {
  /** A comment: clients ignore it, but it tells them and every proxy that somebody is there. */
  private static final Buffer PING = Buffer.buffer(":\n\n");

  private final FeedLoop feeds;
  private final Flushes flushes;
  private final ChunkMemo chunks = new ChunkMemo();

  /**
   * @param eventLoop the one that all of it is confined to
   */
  public SseLoop(FeedLoop feeds, EventLoop eventLoop) {
    this.feeds = feeds;
    this.flushes = new Flushes(eventLoop);
  }

  FeedLoop feeds() {
    return feeds;
  }

  /** The way to the client of a request whose head is answered by {@link SseHandler#writeHead}. */
  public EventWriter writer(HttpServerRequest request) {
    return ChunkedWriter.below(request, this).orElseGet(() -> new ResponseWriter(request, this));
  }

  ChunkMemo chunks() {
    return chunks;
  }

  Flushes flushes() {
    return flushes;
  }

  Buffer ping() {
    return PING;
  }

  /** Lets go of the bytes that are kept for the next to need them. */
  public void close() {
    chunks.clear();
  }
}
