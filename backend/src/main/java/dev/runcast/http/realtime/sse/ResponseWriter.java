package dev.runcast.http.realtime.sse;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/** Through Vert.x's response: HTTP/2, where frames are none of our business, and HTTP/1.0. */
final class ResponseWriter implements EventWriter {
  /** How long a connection of HTTP/2 may take nothing at all after one of its streams was reset. */
  private static final long TAKES_NOTHING_MILLIS = 10_000;

  private final HttpServerResponse response;
  private final boolean isStream;
  private final ChannelHandlerContext connection;
  private final SseLoop loop;

  ResponseWriter(HttpServerRequest request, SseLoop loop) {
    this.response = request.response();
    this.isStream = request.version() == HttpVersion.HTTP_2;
    this.connection = ((ConnectionBase) request.connection()).channelHandlerContext();
    this.loop = loop;
  }

  @Override
  public void write(Buffer bytes) {
    response.write(bytes);
  }

  @Override
  public boolean isFull() {
    return response.ended() || response.writeQueueFull();
  }

  @Override
  public void onDrain(Runnable drained) {
    response.drainHandler(writable -> drained.run());
  }

  @Override
  public Future<Void> end() {
    Future<Void> taken = response.end();
    if (!isStream) {
      // Only that ends a body of HTTP/1.0, even if the client asked to keep the connection.
      taken.onComplete(ended -> breakConnection());
    }
    return taken;
  }

  @Override
  public void abort() {
    if (isStream) {
      response.reset();
      breakUnlessItMoves();
    } else {
      breakConnection();
    }
  }

  /** Other streams may go on, unless the client has stopped reading from the connection itself. */
  private void breakUnlessItMoves() {
    ChannelFuture taken = connection.writeAndFlush(Unpooled.EMPTY_BUFFER);
    loop.feeds()
        .later(
            TAKES_NOTHING_MILLIS,
            () -> {
              if (!taken.isDone()) {
                breakConnection();
              }
            });
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the close handler tells
  private void breakConnection() {
    connection.close();
  }
}
