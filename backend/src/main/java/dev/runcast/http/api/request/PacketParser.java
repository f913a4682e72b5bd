package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import dev.runcast.wire.Packet;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Payloads and outputs as clients send them: a value and the content type that says how to take it.
 *
 * <p>A string with a type is a packet that the client made, and is kept as it is. Without a type
 * any value is plain JSON, a string included. So is a string that claims to be JSON and is none.
 */
final class PacketParser {
  private static final int MAX_TYPE = 128;

  private final int maxBytes;
  private final JsonText json;

  /**
   * @param maxBytes of its text in UTF-8
   */
  PacketParser(int maxBytes, JsonText json) {
    this.maxBytes = maxBytes;
    this.json = json;
  }

  /** A text and its content type, to be stored as they are; an absent value has no text. */
  record Parsed(@Nullable String text, String type) {}

  /** Reads a value from one member and its type from another, perhaps of another object. */
  Parsed parse(JsonFields fields, String field, JsonFields types, String typeField) {
    String type = types.text(typeField, MAX_TYPE);
    JsonNode value = fields.value(field);
    if (value == null) {
      return new Parsed(null, type == null ? Packet.JSON_TYPE : type);
    }
    String name = fields.name(field);
    Parsed parsed =
        value.isTextual() && type != null
            ? made(name, value.textValue(), type)
            : plain(name, value, type);
    checkSize(name, parsed);
    return parsed;
  }

  private Parsed made(String name, String text, String type) {
    if (type.equals(Packet.SUPER_JSON_TYPE) || type.equals(Packet.JSON_TYPE)) {
      if (isJson(name, text)) {
        return new Parsed(JsonText.storable(text), type);
      }
      if (type.equals(Packet.SUPER_JSON_TYPE)) {
        throw ApiException.unprocessable(name, name + " is not the JSON that its type says it is.");
      }
      return new Parsed(JsonText.print(JsonText.text(text)), type);
    }
    if (!JsonText.isStorable(text)) {
      throw JsonFields.unstorable(name);
    }
    return new Parsed(text, type);
  }

  /** Whether a text is one JSON value; one that is nested too deep is refused. */
  private boolean isJson(String name, String text) {
    try {
      json.read(text);
      return true;
    } catch (UnreadableJsonException e) {
      if (e.isLimit()) {
        throw ApiException.unprocessable(name, name + " is refused: " + e.reason() + ".");
      }
      return false;
    }
  }

  private static Parsed plain(String name, JsonNode value, @Nullable String type) {
    if (type != null && !type.equals(Packet.JSON_TYPE) && !type.equals(Packet.SUPER_JSON_TYPE)) {
      throw ApiException.unprocessable(
          name, "%s must be a string when its type is %s.".formatted(name, type));
    }
    return new Parsed(JsonText.print(value), type == null ? Packet.JSON_TYPE : type);
  }

  private void checkSize(String name, Parsed parsed) {
    int bytes = parsed.text == null ? 0 : parsed.text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > maxBytes) {
      throw new ApiException(
          ApiError.TOO_LARGE,
          "%s has %d bytes, over the limit of %d; keep it elsewhere and send a reference."
              .formatted(name, bytes, maxBytes),
          name);
    }
  }
}
