package dev.runcast.http.stream;

import dev.runcast.http.realtime.sse.RawClient;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A request whose body is sent piece by piece, each as one chunk of HTTP. */
final class Upload implements Closeable {
  private final RawClient client;

  private Upload(RawClient client) {
    this.client = client;
  }

  static Upload to(StreamServer server, String path, String... headers) throws IOException {
    RawClient client = RawClient.connect(server.port());
    StringBuilder head = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\n");
    head.append("host: test\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n");
    head.append("authorization: Bearer ").append(StreamServer.SECRET).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    client.write(head.append("\r\n").toString());
    return new Upload(client);
  }

  Upload send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  Upload send(byte[] bytes) throws IOException {
    client.write(Integer.toHexString(bytes.length) + "\r\n");
    client.socket.getOutputStream().write(bytes);
    client.write("\r\n");
    return this;
  }

  /** Ends the body and gives the status of the answer. */
  int finish() throws IOException {
    client.write("0\r\n\r\n");
    return answer();
  }

  /** The status of an answer that comes whatever is still to be sent. */
  int answer() throws IOException {
    return client.readHead().status();
  }

  String body() throws IOException {
    return client.rest();
  }

  /** Breaks off in the middle. */
  @Override
  public void close() throws IOException {
    client.close();
  }
}
