package dev.runcast.http.stream;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Splits a body into its lines while it arrives, wherever the network cuts it, and keeps no more of
 * it than the line that has not ended yet. Empty lines are no chunks and do not count.
 */
final class ChunkLines {
  private final int maxBytes;
  private final Consumer<String> line;
  private Buffer begun = Buffer.buffer();

  /**
   * @param maxBytes of one line
   * @param line takes each line once it has ended, without its end
   */
  ChunkLines(int maxBytes, Consumer<String> line) {
    this.maxBytes = maxBytes;
    this.line = line;
  }

  /**
   * Takes the next piece of the body; the lines before one that is too long are told all the same.
   *
   * @throws ApiException 413 once a line is too long
   */
  void take(Buffer piece) {
    int from = 0;
    int length = piece.length();
    for (int at = 0; at < length; at++) {
      if (piece.getByte(at) == '\n') {
        append(piece, from, at);
        end();
        from = at + 1;
      }
    }
    append(piece, from, length);
  }

  /** Tells the last line, if the body did not end with the end of one. */
  void end() {
    int length = begun.length();
    if (length > 0 && begun.getByte(length - 1) == '\r') {
      length--;
    }
    String text = begun.getString(0, length, StandardCharsets.UTF_8.name());
    begun = Buffer.buffer();
    if (!text.isBlank()) {
      line.accept(text);
    }
  }

  private void append(Buffer piece, int from, int to) {
    if (begun.length() + to - from > maxBytes) {
      throw tooLong(maxBytes);
    }
    begun.appendBuffer(piece, from, to - from);
  }

  static ApiException tooLong(int maxBytes) {
    return new ApiException(
        ApiError.TOO_LARGE,
        "A chunk has more than %d bytes, the limit for one; see --max-chunk / RUNCAST_MAX_CHUNK."
            .formatted(maxBytes),
        "body");
  }
}
