package dev.runcast.it.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A subscriber's side of a connection, which never waits. */
record Wire(SocketChannel channel) {

  /** Sends what must go out in one piece. */
  void send(ByteBuffer request) throws IOException {
    channel.write(request);
    if (request.hasRemaining()) {
      throw new IOException("the request did not go out at once");
    }
  }

  /**
   * Takes what has come into the beginning of {@code bytes}.
   *
   * @return how many
   */
  int receive(ByteBuffer direct, byte[] bytes) throws IOException {
    direct.clear();
    int length = channel.read(direct);
    if (length < 0) {
      throw new IOException("the server hung up");
    }
    direct.flip().get(bytes, 0, length);
    return length;
  }
}
