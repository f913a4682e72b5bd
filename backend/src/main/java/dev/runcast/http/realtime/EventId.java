package dev.runcast.http.realtime;

import dev.runcast.run.place.Cursor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The id of an event as a client sends it back: a cursor, and where the feed has a bound that was
 * told as "so long before now", the bound itself. {@code createdAt=1h} means an hour before the
 * <em>first</em> request; a client that reconnects sends the same URL again, and a cursor holds no
 * filter, so without this the bound would slide with every reconnect.
 *
 * <p>Written {@code cursor} or {@code cursor~seconds}, the seconds since 1970 in base 36.
 *
 * @param createdAfter the pinned bound, to the second
 */
record EventId(Cursor cursor, @Nullable Instant createdAfter) {
  private static final char PIN = '~';
  private static final int RADIX = 36;
  private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  /**
   * @throws IllegalArgumentException if the text is no id that this service has given
   */
  static EventId parse(String text) {
    int pin = text.indexOf(PIN);
    if (pin < 0) {
      return new EventId(Cursor.parse(text), null);
    }
    long seconds = Long.parseLong(text.substring(pin + 1), RADIX);
    if (seconds < EARLIEST.getEpochSecond() || seconds > LATEST.getEpochSecond()) {
      throw new IllegalArgumentException("not an id that this service has given");
    }
    return new EventId(Cursor.parse(text.substring(0, pin)), Instant.ofEpochSecond(seconds));
  }

  /** Whether a bound is near enough to the present to be written here and known to a database. */
  static boolean canHold(Instant bound) {
    return bound.isAfter(EARLIEST) && bound.isBefore(LATEST);
  }

  /** What stands behind the cursor in the ids of a feed with this bound. */
  static String suffix(Instant createdAfter) {
    return PIN + Long.toString(createdAfter.getEpochSecond(), RADIX);
  }
}
