package dev.runcast.wal.pgoutput;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row, in the order of its relation's columns. Each is a text, null, or
 * unchanged: a large value (TOAST) that an update left alone is not sent.
 *
 * <p>The values stay in the bytes that the message came in and are parsed when asked for, once
 * each: a row of forty columns of which most are null costs two objects until then. The parsing
 * methods must only be asked for a column that {@link #isText}.
 */
public final class Tuple {
  private static final int NULL = -1;
  private static final int UNCHANGED = -2;

  private final byte[] bytes;

  /** Where each text begins, behind its length of four bytes; or what stands in for a text. */
  private final int[] starts;

  private Tuple(byte[] bytes, int[] starts) {
    this.bytes = bytes;
    this.starts = starts;
  }

  /** Reads TupleData and leaves the buffer behind it. */
  static Tuple read(ByteBuffer buffer) {
    int[] starts = new int[buffer.getShort() & 0xffff];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = start(buffer, buffer.arrayOffset());
    }
    return new Tuple(buffer.array(), starts);
  }

  private static int start(ByteBuffer buffer, int arrayOffset) {
    byte kind = buffer.get();
    return switch (kind) {
      case 'n' -> NULL;
      case 'u' -> UNCHANGED;
      case 't' -> arrayOffset + textStart(buffer);
      default -> throw new MalformedMessageException("a column value of unknown kind " + kind);
    };
  }

  private static int textStart(ByteBuffer buffer) {
    int length = buffer.getInt();
    int start = buffer.position();
    if (length < 0 || length > buffer.remaining()) {
      throw new MalformedMessageException("a column value is longer than what holds it");
    }
    buffer.position(start + length);
    return start;
  }

  public int size() {
    return starts.length;
  }

  public boolean isText(int column) {
    return starts[column] >= 0;
  }

  public boolean isNull(int column) {
    return starts[column] == NULL;
  }

  public boolean isUnchanged(int column) {
    return starts[column] == UNCHANGED;
  }

  /** The value as Postgres prints it, or null when it is null or unchanged. */
  public @Nullable String textOrNull(int column) {
    return isText(column) ? text(column) : null;
  }

  public String text(int column) {
    return new String(bytes, starts[column], length(column), StandardCharsets.UTF_8);
  }

  public long int8(int column) {
    return PgText.int8(bytes, starts[column], length(column));
  }

  public int int4(int column) {
    return PgText.int4(bytes, starts[column], length(column));
  }

  public double float8(int column) {
    return PgText.float8(bytes, starts[column], length(column));
  }

  public boolean bool(int column) {
    return PgText.bool(bytes, starts[column], length(column));
  }

  public Instant timestamptz(int column) {
    return PgText.timestamptz(bytes, starts[column], length(column));
  }

  public List<@Nullable String> textArray(int column) {
    return PgText.textArray(bytes, starts[column], length(column));
  }

  /** Whether the value is this ASCII text, without making a string of it. */
  public boolean isAscii(int column, String expected) {
    if (length(column) != expected.length()) {
      return false;
    }
    for (int i = 0; i < expected.length(); i++) {
      if (bytes[starts[column] + i] != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** How many bytes it takes to keep this row, roughly. */
  public int weight() {
    return bytes.length + Integer.BYTES * starts.length;
  }

  private int length(int column) {
    int at = starts[column] - 4;
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }
}
