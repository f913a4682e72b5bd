package dev.runcast.it.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds, in the bytes of one connection however they are cut, the ends of events and the times in
 * each that latency counts from: each is one delivery. Chunk sizes and headers between events are
 * passed over unseen: none of them holds an empty line of that form, or the word looked for.
 */
final class EventScanner {
  private static final int FRACTION_AT = 20;
  private static final long MICROS = 1_000_000;

  private final byte[] stamp;

  /** How much of {@link #stamp} was seen; all of it while the time is being read. */
  private int matched;

  /** How many characters of the time were read. */
  private int timeAt;

  private long value;
  private int fractionDigits;

  /** The times in the event so far. */
  private long[] times = new long[1];

  private int stamped;
  private boolean afterNewline;

  /**
   * @param stamp what stands before the time; begins with a quote
   */
  EventScanner(String stamp) {
    this.stamp = stamp.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * @param nowMicros of the day, UTC
   */
  void scan(byte[] bytes, int length, long nowMicros, Tally tally) {
    int at = 0;
    while (at < length) {
      byte b = bytes[at++];
      if (b == '\n') {
        if (afterNewline) {
          ended(nowMicros, tally);
        }
        afterNewline = !afterNewline;
        matched = 0;
      } else {
        afterNewline = false;
        if (matched == stamp.length) {
          readTime(b);
        } else if (b == stamp[matched]) {
          begin(matched + 1);
        } else {
          matched = b == '"' ? 1 : 0;
        }
        if (matched == 0) {
          at = skip(bytes, at, length);
        }
      }
    }
  }

  /** To the next byte that means anything. */
  private static int skip(byte[] bytes, int from, int length) {
    int at = from;
    while (at < length && bytes[at] != '"' && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private void begin(int nowMatched) {
    matched = nowMatched;
    if (matched == stamp.length) {
      timeAt = 0;
      value = 0;
      fractionDigits = 0;
    }
  }

  /** {@code 2026-01-31T12:34:56.123456Z}; the fraction has 0, 3, 6 or 9 digits. */
  private void readTime(byte b) {
    int digit = b - '0';
    int place = timeAt++;
    if (place >= FRACTION_AT) {
      if (digit >= 0 && digit <= 9) {
        if (fractionDigits < 6) {
          value = value * 10 + digit;
          fractionDigits++;
        }
        return;
      }
    } else if (place != FRACTION_AT - 1 || b == '.') {
      value += digit * weight(place);
      return;
    }
    finishTime();
  }

  private static long weight(int place) {
    return switch (place) {
      case 11 -> 36_000;
      case 12 -> 3_600;
      case 14 -> 600;
      case 15 -> 60;
      case 17 -> 10;
      case 18 -> 1;
      default -> 0;
    };
  }

  private void finishTime() {
    for (; fractionDigits < 6; fractionDigits++) {
      value *= 10;
    }
    if (stamped == times.length) {
      times = Arrays.copyOf(times, 2 * stamped);
    }
    times[stamped++] = value;
    matched = 0;
  }

  /** An event is over; called from outside where it is not an empty line that says so. */
  void ended(long nowMicros, Tally tally) {
    tally.event();
    for (int i = 0; i < stamped; i++) {
      long day = 86_400 * MICROS;
      long late = (nowMicros - times[i] + day) % day;
      // Just before midnight by rounding: not a day late but not late at all.
      tally.delivery(late > day / 2 ? 0 : late);
    }
    stamped = 0;
  }
}
