package dev.runcast.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/**
 * Reads JSON texts of a bounded nesting into trees, and prints trees.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
public final class JsonText {
  /** The deepest nesting that can be asked for: what is stored must be printed again. */
  public static final int MAX_DEPTH = 800;

  private static final ObjectMapper PRINTER = JsonMapper.builder().build();
  private static final HexFormat HEX = HexFormat.of();

  private final ObjectMapper mapper;
  private final int maxDepth;

  /**
   * @param maxDepth how many objects and arrays may stand within each other; at most {@link
   *     #MAX_DEPTH}
   */
  public JsonText(int maxDepth) {
    if (maxDepth < 1 || maxDepth > MAX_DEPTH) {
      throw new IllegalArgumentException("the depth of JSON must be 1 to " + MAX_DEPTH);
    }
    this.maxDepth = maxDepth;
    this.mapper = mapper(maxDepth);
  }

  private static ObjectMapper mapper(int maxDepth) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(maxDepth)
            .maxStringLength(Integer.MAX_VALUE)
            .build();
    JsonFactory factory = JsonFactory.builder().streamReadConstraints(constraints).build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }

  public int maxDepth() {
    return maxDepth;
  }

  /** The value that a UTF-8 text is. */
  public JsonNode read(byte[] text) throws UnreadableJsonException {
    try {
      return present(mapper.readTree(text));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The value that a text is. */
  public JsonNode read(String text) throws UnreadableJsonException {
    try {
      return present(mapper.readTree(text));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Whether a text is one value, without making a tree of it.
   *
   * @throws UnreadableJsonException when it is beyond a limit, and so can't be told
   */
  public boolean isValue(String text) throws UnreadableJsonException {
    try (JsonParser parser = mapper.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (StreamConstraintsException limit) {
      throw unreadable(limit);
    } catch (IOException other) {
      return false;
    }
  }

  private static JsonNode present(JsonNode read) throws UnreadableJsonException {
    if (read.isMissingNode()) {
      throw new UnreadableJsonException("it is empty", false);
    }
    return read;
  }

  private UnreadableJsonException unreadable(IOException failure) {
    if (failure instanceof StreamConstraintsException constraint) {
      String message = String.valueOf(constraint.getOriginalMessage());
      return new UnreadableJsonException(
          message.contains("nesting depth")
              ? "it is nested deeper than " + maxDepth + " levels"
              : "a number or a name in it is too long",
          true);
    }
    JsonLocation place = failure instanceof JacksonException jackson ? jackson.getLocation() : null;
    return new UnreadableJsonException(
        place == null
            ? "it can't be read"
            : "it can't be read at line %d, column %d"
                .formatted(place.getLineNr(), place.getColumnNr()),
        false);
  }

  /** A string as a value. */
  public static JsonNode text(String value) {
    return TextNode.valueOf(value);
  }

  /** The text of a tree, {@link #storable}. */
  public static String print(JsonNode value) {
    try {
      return storable(PRINTER.writeValueAsString(value));
    } catch (IOException e) {
      throw new UncheckedIOException("a tree can always be printed", e);
    }
  }

  /**
   * The same JSON with the two kinds of characters escaped that a UTF-8 text in Postgres can't
   * hold: NUL and halves of surrogate pairs. In JSON they can only stand within strings.
   */
  public static String storable(String json) {
    int first = firstUnstorable(json, 0);
    if (first < 0) {
      return json;
    }
    StringBuilder escaped = new StringBuilder(json.length() + 16);
    int from = 0;
    for (int at = first; at >= 0; at = firstUnstorable(json, at + 1)) {
      escaped.append(json, from, at).append("\\u").append(HEX.toHexDigits(json.charAt(at)));
      from = at + 1;
    }
    return escaped.append(json, from, json.length()).toString();
  }

  /** Whether a text can be stored as it is: no NUL, no half of a surrogate pair. */
  public static boolean isStorable(String text) {
    return firstUnstorable(text, 0) < 0;
  }

  private static int firstUnstorable(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return i;
      }
      if (Character.isSurrogate(c)) {
        if (!startsPair(text, i)) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static boolean startsPair(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1));
  }
}
