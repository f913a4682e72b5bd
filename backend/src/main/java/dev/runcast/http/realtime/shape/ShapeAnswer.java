package dev.runcast.http.realtime.shape;

import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.subscribe.turn.TurnOffset;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The answers of the long poll, in the words of the protocol of shapes. Stateless. */
final class ShapeAnswer {
  private static final String REFETCH = "[{\"headers\":{\"control\":\"must-refetch\"}}]";

  /** Values are JSON of their own types, so that there is nothing to say of any column. */
  private static final String SCHEMA = "{}";

  private static final long CURSOR_EPOCH = Instant.parse("2024-10-09T00:00:00Z").getEpochSecond();
  private static final long CURSOR_WINDOW = 20;

  private ShapeAnswer() {}

  /**
   * News, and how far it goes.
   *
   * @param upToDate whether it tells all that there is; otherwise the client asks on at once
   */
  static void news(
      HttpServerResponse response, List<byte[]> messages, TurnOffset offset, boolean upToDate) {
    response.putHeader("electric-offset", offset.toString());
    response.putHeader("electric-has-data", Boolean.toString(!messages.isEmpty()));
    response.putHeader("electric-schema", SCHEMA);
    if (upToDate) {
      response.putHeader("electric-up-to-date", "");
    }
    send(response, 200, body(messages, upToDate ? upToDate(offset.bookmark().cursor()) : null));
  }

  /** What the client holds can't be gone on from: it begins anew, with a handle of its own. */
  static void refetch(HttpServerResponse response, ShapeHandle handle) {
    response.putHeader("electric-handle", handle.toString());
    send(response, 409, Buffer.buffer(REFETCH));
  }

  /**
   * What tells one live request of a client from its last: caches know it by this.
   *
   * @param last what the client was told before
   */
  static String cursor(@Nullable String last, Instant now, RandomGenerator random) {
    long seconds = now.getEpochSecond() - CURSOR_EPOCH;
    long window = (seconds / CURSOR_WINDOW + 1) * CURSOR_WINDOW;
    long known = last != null && last.matches("[0-9]{1,15}") ? Long.parseLong(last) : 0;
    return Long.toString(window > known ? window : known + 1 + random.nextInt(3600));
  }

  private static Buffer body(List<byte[]> messages, @Nullable String control) {
    int length = 64 + messages.stream().mapToInt(message -> message.length + 1).sum();
    Buffer body = Buffer.buffer(length).appendByte((byte) '[');
    boolean first = true;
    for (byte[] message : messages) {
      if (!first) {
        body.appendByte((byte) ',');
      }
      first = false;
      body.appendBytes(message);
    }
    if (control != null) {
      body.appendString(first ? control : "," + control);
    }
    return body.appendByte((byte) ']');
  }

  private static String upToDate(Cursor cursor) {
    Position place = cursor.position();
    String seen =
        place == null
            ? ""
            : ",\"global_last_seen_lsn\":\"" + Long.toUnsignedString(place.lsn().value()) + '"';
    return "{\"headers\":{\"control\":\"up-to-date\"" + seen + "}}";
  }

  private static void send(HttpServerResponse response, int status, Buffer body) {
    response
        .setStatusCode(status)
        .putHeader("content-type", "application/json; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(body);
  }
}
