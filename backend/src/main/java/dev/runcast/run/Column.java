package dev.runcast.run;

import org.jspecify.annotations.Nullable;

/**
 * A wide column as a change tells it. Postgres does not send a large value that an update left
 * alone (TOAST), so "not told" must stay apart from "null" all the way to the client.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">the
 *     'u' kind of TupleData</a>
 */
public sealed interface Column<T> {

  /** The value is told; null is a value. */
  record Known<T>(@Nullable T value) implements Column<T> {}

  /** The value is as it was before this change, whatever that is. */
  record Unchanged<T>() implements Column<T> {}

  static <T> Column<T> known(@Nullable T value) {
    return new Known<>(value);
  }

  static <T> Column<T> unchanged() {
    return new Unchanged<>();
  }

  default boolean isKnown() {
    return this instanceof Known;
  }

  /** The told value, or null when it is null or was not told. */
  default @Nullable T orNull() {
    return this instanceof Known<T> known ? known.value() : null;
  }

  /** This column laid over an older telling of it: an unchanged one inherits what was known. */
  default Column<T> over(Column<T> older) {
    return isKnown() ? this : older;
  }
}
