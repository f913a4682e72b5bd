package dev.runcast.http.realtime;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Through Vert.x's response: HTTP/2, where frames are none of our business, and HTTP/1.0. */
final class ResponseWriter implements EventWriter {
  private final HttpServerResponse response;

  ResponseWriter(HttpServerResponse response) {
    this.response = response;
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
  public void end() {
    response.end();
  }

  @Override
  public void abort() {
    response.reset();
  }
}
