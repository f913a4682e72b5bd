package dev.runcast.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of a socket's message around a frame's JSON: {@code {"subscription", "event", "id",
 * "data"}}. Stateless.
 */
public final class WebSocketFraming {
  private static final byte[] OF_THE_SOCKET = ascii("{");
  private static final byte[] EVENT = ascii("\"event\":\"");
  private static final byte[] ID = ascii("\",\"id\":\"");
  private static final byte[] DATA = ascii("\",\"data\":");

  private WebSocketFraming() {}

  /**
   * How every message of one subscription begins.
   *
   * @param quotedName its name as a string of JSON
   */
  public static byte[] beginning(String quotedName) {
    return ("{\"subscription\":" + quotedName + ",").getBytes(StandardCharsets.UTF_8);
  }

  /** How a message begins that concerns no subscription but the socket itself. */
  public static byte[] beginning() {
    return OF_THE_SOCKET;
  }

  /**
   * One message, as UTF-8.
   *
   * @param event the name of the event, of letters and hyphens
   * @param json of its data
   * @param id what the client would resume with, URL-safe; null for none
   */
  public static byte[] message(byte[] beginning, String event, byte[] json, @Nullable String id) {
    ByteArrayOutputStream text =
        new ByteArrayOutputStream(beginning.length + json.length + event.length() + 128);
    text.writeBytes(beginning);
    text.writeBytes(EVENT);
    text.writeBytes(ascii(event));
    if (id != null) {
      text.writeBytes(ID);
      text.writeBytes(ascii(id));
    }
    text.writeBytes(DATA);
    text.writeBytes(json);
    text.write('}');
    return text.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
