package dev.runcast.wal.pgoutput;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text forms of the types that we read, as Postgres prints them with {@code DateStyle} ISO.
 * Pure. Each method reads {@code length} bytes at {@code start} and throws {@link
 * MalformedMessageException} on anything else; the texts themselves never get into the message.
 */
public final class PgText {
  /** What {@code infinity} is read as, here and by the client that reads the table. */
  public static final Instant INFINITY = OffsetDateTime.MAX.toInstant();

  /** What {@code -infinity} is read as. */
  public static final Instant MINUS_INFINITY = OffsetDateTime.MIN.toInstant();

  private static final int[] NANOS_PER_LAST_DIGIT = {
    1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1
  };

  private PgText() {}

  /** A signed decimal of up to 19 digits; also {@code xid8} below 2^63. */
  public static long int8(byte[] bytes, int start, int length) {
    boolean negative = length > 0 && bytes[start] == '-';
    int digits = negative ? length - 1 : length;
    if (digits < 1 || digits > 19) {
      throw malformed("bigint");
    }
    long value = 0;
    for (int i = start + length - digits; i < start + length; i++) {
      // Counted downwards, so that the least value of all needs no case of its own.
      value = value * 10 - digit(bytes[i], "bigint");
      if (value > 0) {
        throw malformed("bigint");
      }
    }
    if (!negative && value == Long.MIN_VALUE) {
      throw malformed("bigint");
    }
    return negative ? value : -value;
  }

  public static int int4(byte[] bytes, int start, int length) {
    long value = int8(bytes, start, length);
    if (value != (int) value) {
      throw malformed("integer");
    }
    return (int) value;
  }

  public static double float8(byte[] bytes, int start, int length) {
    if (length == 1) {
      return digit(bytes[start], "double precision");
    }
    try {
      return Double.parseDouble(ascii(bytes, start, length));
    } catch (NumberFormatException e) {
      throw new MalformedMessageException("not a double precision value", e);
    }
  }

  public static boolean bool(byte[] bytes, int start, int length) {
    if (length != 1 || (bytes[start] != 't' && bytes[start] != 'f')) {
      throw malformed("boolean");
    }
    return bytes[start] == 't';
  }

  /**
   * {@code YYYY-MM-DD HH:MM:SS[.ffffff]} and an offset {@code ±HH[:MM[:SS]]}, years of more than
   * four digits and {@code BC} included, and the two infinities.
   */
  public static Instant timestamptz(byte[] bytes, int start, int length) {
    int end = start + length;
    if (length > 0 && (bytes[start] == 'i' || bytes[start] == '-')) {
      return infinity(ascii(bytes, start, length));
    }
    boolean beforeChrist = length > 3 && bytes[end - 1] == 'C';
    if (beforeChrist) {
      end -= 3;
    }
    int dash = start;
    while (dash < end && bytes[dash] != '-') {
      dash++;
    }
    if (dash - start < 4 || dash - start > 6 || end - dash < 18) {
      throw malformed("timestamptz");
    }
    int year = number(bytes, start, dash);
    return instant(bytes, beforeChrist ? 1 - year : year, dash, end);
  }

  /** From the dash behind the year on; at least 18 bytes, as has been checked. */
  private static Instant instant(byte[] bytes, int year, int dash, int end) {
    expect(bytes, dash + 3, '-');
    expect(bytes, dash + 6, ' ');
    expect(bytes, dash + 9, ':');
    expect(bytes, dash + 12, ':');
    long seconds =
        days(year, pair(bytes, dash + 1), pair(bytes, dash + 4)) * 86_400
            + pair(bytes, dash + 7) * 3_600L
            + pair(bytes, dash + 10) * 60L
            + pair(bytes, dash + 13);
    int at = dash + 15;
    int nanos = 0;
    if (bytes[at] == '.') {
      int first = at + 1;
      at = first;
      while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
        at++;
      }
      if (at == first || at - first > 9) {
        throw malformed("timestamptz");
      }
      nanos = number(bytes, first, at) * NANOS_PER_LAST_DIGIT[at - first];
    }
    return Instant.ofEpochSecond(seconds - offset(bytes, at, end), nanos);
  }

  private static long days(int year, int month, int day) {
    try {
      return LocalDate.of(year, month, day).toEpochDay();
    } catch (DateTimeException e) {
      throw new MalformedMessageException("not a timestamptz", e);
    }
  }

  /** Seconds east of UTC. */
  private static int offset(byte[] bytes, int at, int end) {
    int length = end - at;
    if ((length != 3 && length != 6 && length != 9) || (bytes[at] != '+' && bytes[at] != '-')) {
      throw malformed("timestamptz");
    }
    int seconds = pair(bytes, at + 1) * 3_600;
    if (length >= 6) {
      expect(bytes, at + 3, ':');
      seconds += pair(bytes, at + 4) * 60;
    }
    if (length == 9) {
      expect(bytes, at + 6, ':');
      seconds += pair(bytes, at + 7);
    }
    return bytes[at] == '-' ? -seconds : seconds;
  }

  private static Instant infinity(String text) {
    return switch (text) {
      case "infinity" -> INFINITY;
      case "-infinity" -> MINUS_INFINITY;
      default -> throw malformed("timestamptz");
    };
  }

  /**
   * An array of one dimension or empty: {@code {a,"b \"c\"",NULL}}, with the explicit bounds of
   * {@code [0:1]={a,b}} read over.
   *
   * @see <a href="https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO">Array Input and
   *     Output Syntax</a>
   */
  public static List<@Nullable String> textArray(byte[] bytes, int start, int length) {
    if (length == 2 && bytes[start] == '{' && bytes[start + 1] == '}') {
      return List.of();
    }
    String text = new String(bytes, start, length, StandardCharsets.UTF_8);
    int open = text.startsWith("[") ? text.indexOf('=') + 1 : 0;
    int last = text.length() - 1;
    if (last - open < 2 || text.charAt(open) != '{' || text.charAt(last) != '}') {
      throw malformed("text[]");
    }
    List<@Nullable String> elements = new ArrayList<>();
    int at = open;
    do {
      at =
          text.charAt(at + 1) == '"'
              ? quoted(text, at + 2, elements)
              : plain(text, at + 1, elements);
    } while (at < last && text.charAt(at) == ',');
    if (at != last) {
      throw malformed("text[]");
    }
    return elements;
  }

  /** Adds the element that starts here, without quotes, and says where the delimiter is. */
  private static int plain(String text, int from, List<@Nullable String> elements) {
    int at = from;
    while (text.charAt(at) != ',' && text.charAt(at) != '}') {
      if (text.charAt(at) == '"' || text.charAt(at) == '{' || text.charAt(at) == '\\') {
        throw malformed("text[]");
      }
      at++;
    }
    if (at == from) {
      throw malformed("text[]");
    }
    String element = text.substring(from, at);
    elements.add(element.equalsIgnoreCase("NULL") ? null : element);
    return at;
  }

  /** Adds the element whose opening quote is just before, and says where the delimiter is. */
  private static int quoted(String text, int from, List<@Nullable String> elements) {
    int at = from;
    StringBuilder unescaped = null;
    int kept = from;
    while (text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        unescaped = unescaped == null ? new StringBuilder() : unescaped;
        unescaped.append(text, kept, at);
        kept = ++at;
      }
      if (++at >= text.length() - 1) {
        throw malformed("text[]");
      }
    }
    String rest = text.substring(kept, at);
    elements.add(unescaped == null ? rest : unescaped.append(rest).toString());
    return at + 1;
  }

  private static int pair(byte[] bytes, int at) {
    return digit(bytes[at], "timestamptz") * 10 + digit(bytes[at + 1], "timestamptz");
  }

  private static int number(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + digit(bytes[i], "timestamptz");
    }
    return value;
  }

  private static int digit(byte character, String type) {
    int digit = character - '0';
    if (digit < 0 || digit > 9) {
      throw malformed(type);
    }
    return digit;
  }

  private static void expect(byte[] bytes, int at, char expected) {
    if (bytes[at] != expected) {
      throw malformed("timestamptz");
    }
  }

  private static String ascii(byte[] bytes, int start, int length) {
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  private static MalformedMessageException malformed(String type) {
    return new MalformedMessageException("not the text form of a " + type + " that we know");
  }
}
