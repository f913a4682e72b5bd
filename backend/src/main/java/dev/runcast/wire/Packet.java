package dev.runcast.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A payload, an output or a metadata: a text and its content type, as clients store it. Decoded to
 * plain JSON, {@code application/super+json} gives its {@code json} member, {@code text/plain} and
 * {@code application/store} (a storage path) give a string, everything else is JSON itself; a text
 * that is not what its type says, which a writer of plain SQL may store, is given as a string.
 */
public final class Packet {
  /** Types as the clients name them. */
  public static final String JSON_TYPE = "application/json";

  public static final String SUPER_JSON_TYPE = "application/super+json";
  public static final String TEXT_TYPE = "text/plain";
  public static final String STORE_TYPE = "application/store";

  /**
   * Deeper values are given as text: a generator stops at 1,000 levels, the frame's own included.
   */
  private static final int MAX_NESTING = 900;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNestingDepth(MAX_NESTING)
                  .build())
          .build();

  private Packet() {}

  /** Writes the decoded value where a value is expected. Numbers keep every digit. */
  public static void write(JsonGenerator json, @Nullable String text, @Nullable String type)
      throws IOException {
    if (text == null) {
      json.writeNull();
    } else if (TEXT_TYPE.equals(type) || STORE_TYPE.equals(type) || !isJson(text)) {
      json.writeString(text);
    } else if (SUPER_JSON_TYPE.equals(type)) {
      writeSuperJson(json, text);
    } else {
      try (JsonParser parser = JSON.createParser(text)) {
        parser.nextToken();
        copyValue(parser, json);
      }
    }
  }

  /**
   * Writes, as a field, what the decoded value does not say: which of its parts were dates and the
   * like. Most have none, and then nothing is written.
   */
  public static void writeMeta(
      JsonGenerator json, String field, @Nullable String text, @Nullable String type)
      throws IOException {
    if (text == null || !SUPER_JSON_TYPE.equals(type) || !isJson(text)) {
      return;
    }
    try (JsonParser parser = JSON.createParser(text)) {
      if (atMember(parser, "meta") && parser.currentToken() == JsonToken.START_OBJECT) {
        json.writeFieldName(field);
        copyValue(parser, json);
      }
    }
  }

  private static void writeSuperJson(JsonGenerator json, String text) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      if (atMember(parser, "json")) {
        copyValue(parser, json);
      } else {
        json.writeNull();
      }
    }
  }

  /** Goes to the value of a member; false where the text has none. */
  private static boolean atMember(JsonParser parser, String name) throws IOException {
    if (parser.nextToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals(name);
        parser.nextToken();
        if (found) {
          return true;
        }
        parser.skipChildren();
      }
    }
    return false;
  }

  private static void copyValue(JsonParser parser, JsonGenerator json) throws IOException {
    int depth = 0;
    do {
      JsonToken token = parser.currentToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      json.copyCurrentEventExact(parser);
    } while (depth > 0 && parser.nextToken() != null);
  }

  /** Whether the text is one JSON value, within the nesting that a generator can copy. */
  static boolean isJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException notJson) {
      return false;
    }
  }
}
