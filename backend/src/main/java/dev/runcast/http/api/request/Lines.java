package dev.runcast.http.api.request;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a body into its lines while it arrives, and keeps no more of it than the line that has not
 * ended yet. Empty lines are left out, but count.
 *
 * @see <a href="https://github.com/ndjson/ndjson-spec">Newline-delimited JSON</a>
 */
public final class Lines {
  private final int maxBytes;
  private Buffer begun = Buffer.buffer();
  private int number = 1;

  /** A line without its end, and where it stands, from 1. */
  public record Line(int number, Buffer text) {}

  /**
   * @param maxBytes of one line
   */
  public Lines(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes the next piece of the body.
   *
   * @return the lines that end in it
   * @throws ApiException 413 once a line is too long
   */
  public List<Line> take(Buffer piece) {
    List<Line> ended = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < piece.length(); at++) {
      if (piece.getByte(at) == '\n') {
        append(piece, from, at);
        end(ended);
        from = at + 1;
      }
    }
    append(piece, from, piece.length());
    return ended;
  }

  /** The last line, if the body did not end with the end of one. */
  public List<Line> rest() {
    List<Line> ended = new ArrayList<>();
    end(ended);
    return ended;
  }

  private void append(Buffer piece, int from, int to) {
    if (begun.length() + to - from > maxBytes) {
      throw new ApiException(
          ApiError.TOO_LARGE,
          "Line %d of the request body has more than %d bytes, the limit for one item."
              .formatted(number, maxBytes),
          "body");
    }
    begun.appendBuffer(piece, from, to - from);
  }

  private void end(List<Line> ended) {
    int length = begun.length();
    if (length > 0 && begun.getByte(length - 1) == '\r') {
      length--;
    }
    if (length > 0) {
      ended.add(new Line(number, begun.slice(0, length)));
    }
    begun = Buffer.buffer();
    number++;
  }
}
