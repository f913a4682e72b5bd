package dev.runcast.cluster;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that {@link WireOutput} wrote, one after the other. On bytes that it did not write
 * it throws an unchecked exception or reads nonsense, but allocates no more than a fraction of what
 * is there.
 */
final class WireInput {
  private final Buffer buffer;
  private int at;

  WireInput(Buffer buffer, int from) {
    this.buffer = buffer;
    this.at = from;
  }

  int int1() {
    return buffer.getByte(at++);
  }

  int int4() {
    int value = buffer.getInt(at);
    at += Integer.BYTES;
    return value;
  }

  long int8() {
    long value = buffer.getLong(at);
    at += Long.BYTES;
    return value;
  }

  double float8() {
    return Double.longBitsToDouble(int8());
  }

  boolean bool() {
    return int1() == WireOutput.PRESENT;
  }

  String text() {
    int length = int4();
    int start = at;
    if (length < 0 || length > buffer.length() - start) {
      throw new IllegalArgumentException("a text is longer than what holds it");
    }
    at = start + length;
    return new String(buffer.getBytes(start, at), StandardCharsets.UTF_8);
  }

  Instant time() {
    return Instant.ofEpochSecond(int8(), int4());
  }

  <T> @Nullable T optional(Function<WireInput, T> read) {
    return bool() ? read.apply(this) : null;
  }

  @Nullable String textOrNull() {
    return optional(WireInput::text);
  }

  @Nullable Instant timeOrNull() {
    return optional(WireInput::time);
  }

  @Nullable Integer int4OrNull() {
    return optional(WireInput::int4);
  }

  <T> List<T> all(Function<WireInput, T> read) {
    int size = int4();
    if (size < 0 || size > buffer.length() - at) {
      throw new IllegalArgumentException("a list is longer than what holds it");
    }
    List<T> values = new ArrayList<>(Math.min(size, 1_000));
    for (int i = 0; i < size; i++) {
      values.add(read.apply(this));
    }
    return values;
  }
}
