package dev.runcast.http.api.answer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way to whoever takes it compressed. It is compressed on the event loop, in a
 * millisecond or two: what is so large that others would wait for longer goes as it is, and so does
 * what would hardly be smaller.
 */
final class Packed {
  private static final int LEAST_BYTES = 1_400;
  private static final int MOST_BYTES = 256 * 1024;

  private Packed() {}

  /** Ends a response with a text. */
  static void end(HttpServerRequest request, HttpServerResponse response, String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    response.putHeader("vary", "accept-encoding");
    if (plain.length >= LEAST_BYTES && plain.length <= MOST_BYTES && takesGzip(request)) {
      response.putHeader("content-encoding", "gzip").end(Buffer.buffer(gzip(plain)));
    } else {
      response.end(Buffer.buffer(plain));
    }
  }

  private static boolean takesGzip(HttpServerRequest request) {
    @Nullable String accepted = request.getHeader("accept-encoding");
    return accepted != null && accepted.contains("gzip");
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 4);
    try (GZIPOutputStream gzip = new Fast(packed)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /** Of one kind of object the same members come again and again: more effort gains little. */
  private static final class Fast extends GZIPOutputStream {
    Fast(ByteArrayOutputStream packed) throws IOException {
      super(packed);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
