package dev.runcast.cluster;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Appends values to a buffer in the form that {@link WireInput} reads. */
final class WireOutput {
  static final byte ABSENT = 0;
  static final byte PRESENT = 1;

  private final Buffer buffer;

  WireOutput(Buffer buffer) {
    this.buffer = buffer;
  }

  void int1(int value) {
    buffer.appendByte((byte) value);
  }

  void int4(int value) {
    buffer.appendInt(value);
  }

  void int8(long value) {
    buffer.appendLong(value);
  }

  void float8(double value) {
    buffer.appendDouble(value);
  }

  void bool(boolean value) {
    int1(value ? PRESENT : ABSENT);
  }

  /** UTF-8 behind its length in bytes. */
  void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    buffer.appendInt(bytes.length).appendBytes(bytes);
  }

  void time(Instant value) {
    buffer.appendLong(value.getEpochSecond()).appendInt(value.getNano());
  }

  /** One byte that says whether there is a value, and the value if there is. */
  <T> void optional(@Nullable T value, BiConsumer<WireOutput, T> write) {
    bool(value != null);
    if (value != null) {
      write.accept(this, value);
    }
  }

  void textOrNull(@Nullable String value) {
    optional(value, WireOutput::text);
  }

  void timeOrNull(@Nullable Instant value) {
    optional(value, WireOutput::time);
  }

  void int4OrNull(@Nullable Integer value) {
    optional(value, WireOutput::int4);
  }

  /** The elements behind their number. */
  <T> void all(Collection<T> values, BiConsumer<WireOutput, T> write) {
    buffer.appendInt(values.size());
    values.forEach(value -> write.accept(this, value));
  }
}
