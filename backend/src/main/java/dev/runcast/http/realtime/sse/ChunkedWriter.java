package dev.runcast.http.realtime.sse;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.Http1xServerConnection;
import java.util.Optional;

/**
 * Writes below Vert.x's HTTP/1.1 encoder, which makes a fan-out half as dear.
 *
 * <p>The trick: once the head of a chunked response is out, the encoder does nothing with a piece
 * of body but put the chunk's framing around it, anew for each connection and through objects and
 * promises of its own. So the chunk is encoded once, by {@link ChunkMemo}, and handed to the
 * channel at the encoder's own place in the pipeline: TLS, if there is any, still comes after it.
 * The encoder keeps believing that it is in the middle of a chunked body, which is true, so {@link
 * #end} goes through Vert.x as usual: it writes the last chunk, behind all that was written here,
 * since it is the same outbound queue, and keep-alive and pipelining go on as ever.
 *
 * <p>It rests on internals: the name {@code httpEncoder} and the class of the connection. Where
 * they are not as expected, {@link #below} is empty and the response is written the ordinary way.
 */
final class ChunkedWriter implements EventWriter {
  private static final String ENCODER = "httpEncoder";
  private static final String COMPRESSOR = "deflater";

  private final HttpServerResponse response;
  private final ChannelHandlerContext encoder;
  private final Http1xServerConnection connection;
  private final ChunkMemo chunks;
  private final Flushes flushes;

  /** Owned by {@link Flushes}. */
  final FlushPace pace = new FlushPace();

  private ChunkedWriter(
      HttpServerResponse response,
      Http1xServerConnection connection,
      ChannelHandlerContext encoder,
      SseLoop loop) {
    this.response = response;
    this.connection = connection;
    this.encoder = encoder;
    this.chunks = loop.chunks();
    this.flushes = loop.flushes();
  }

  /** A writer below the encoder of this request's connection, where there is one as expected. */
  static Optional<EventWriter> below(HttpServerRequest request, SseLoop loop) {
    if (request.version() != HttpVersion.HTTP_1_1
        || !(request.connection() instanceof Http1xServerConnection connection)) {
      return Optional.empty();
    }
    ChannelHandlerContext encoder = connection.channel().pipeline().context(ENCODER);
    if (encoder == null || connection.channel().pipeline().get(COMPRESSOR) != null) {
      return Optional.empty();
    }
    return Optional.of(new ChunkedWriter(request.response(), connection, encoder, loop));
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // a void promise: a broken connection tells itself
  public void write(Buffer bytes) {
    encoder.write(chunks.chunkOf(bytes, encoder.alloc()), connection.voidPromise);
    flushes.add(this);
  }

  void flush() {
    encoder.flush();
  }

  @Override
  public boolean isFull() {
    return !encoder.channel().isWritable();
  }

  @Override
  public void onDrain(Runnable drained) {
    response.drainHandler(writable -> drained.run());
  }

  @Override
  public Future<Void> end() {
    return response.end();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the close handler tells
  public void abort() {
    // The connection's own close would flush first, and so wait for the client.
    connection.channelHandlerContext().close();
  }
}
