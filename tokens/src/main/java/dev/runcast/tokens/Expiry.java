package dev.runcast.tokens;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a token ends: some time after it was minted, or at an instant. */
public sealed interface Expiry {

  /** The longest life that can be asked for, so that no sum overflows. */
  Duration MAX_LIFE = Duration.ofDays(36_525);

  /** The longest written form that is looked at, in characters. */
  int MAX_TEXT = 40;

  /** The instant of expiry of a token that is minted now. */
  Instant from(Instant now);

  /** Ends this long after it was minted. */
  record After(Duration life) implements Expiry {
    private static final Pattern FORM =
        Pattern.compile(
            "(?:\\+ ?)?(?<amount>\\d+(?:\\.\\d+)?) ?"
                + "(?<unit>seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w"
                + "|years?|yrs?|y)(?: from now)?",
            Pattern.CASE_INSENSITIVE);

    /**
     * @throws IllegalArgumentException if it is not positive, or longer than {@link #MAX_LIFE}
     */
    public After {
      if (life.isNegative() || life.isZero() || life.compareTo(MAX_LIFE) > 0) {
        throw new IllegalArgumentException(
            "A token's life must be more than zero and at most " + MAX_LIFE.toDays() + " days");
      }
    }

    @Override
    public Instant from(Instant now) {
      return now.plus(life);
    }

    private static After parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (text.length() > MAX_TEXT || !matcher.matches()) {
        throw new IllegalArgumentException(
            "An expiry is a duration such as 15m, 2h or 7 days, or absolute unix seconds");
      }
      BigDecimal seconds =
          new BigDecimal(matcher.group("amount"))
              .multiply(BigDecimal.valueOf(unitSeconds(matcher.group("unit"))))
              .setScale(0, RoundingMode.HALF_UP)
              .min(BigDecimal.valueOf(MAX_LIFE.toSeconds() + 1));
      return new After(Duration.ofSeconds(seconds.longValueExact()));
    }

    private static long unitSeconds(String unit) {
      return switch (unit.toLowerCase(Locale.ROOT).charAt(0)) {
        case 's' -> 1;
        case 'm' -> 60;
        case 'h' -> 3_600;
        case 'd' -> 86_400;
        case 'w' -> 604_800;
        default -> 31_557_600;
      };
    }
  }

  /** Ends at this instant. */
  record At(Instant instant) implements Expiry {
    private static final Pattern FORM = Pattern.compile("\\d{1,18}");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /**
     * @throws IllegalArgumentException if it is before 1970 or after the year 9999
     */
    public At {
      if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)) {
        throw new IllegalArgumentException(
            "A token's expiry must lie between the years 1970 and 9999");
      }
    }

    @Override
    public Instant from(Instant now) {
      return instant;
    }
  }

  /**
   * See {@link After}.
   *
   * @throws IllegalArgumentException if it is not positive, or longer than {@link #MAX_LIFE}
   */
  static Expiry after(Duration life) {
    return new After(life);
  }

  /**
   * See {@link At}.
   *
   * @throws IllegalArgumentException if it is before 1970 or after the year 9999
   */
  static Expiry at(Instant instant) {
    return new At(instant);
  }

  /**
   * See {@link At}: what a bare number means to the official SDK.
   *
   * @throws IllegalArgumentException if it is before 1970 or after the year 9999
   */
  static Expiry atUnixSeconds(long seconds) {
    long bounded = Math.max(-1, Math.min(seconds, At.LATEST.getEpochSecond() + 1));
    return new At(Instant.ofEpochSecond(bounded));
  }

  /**
   * Reads {@code 15m}, {@code 2h}, {@code 7 days}, {@code 1.5 hours}, {@code 1 week from now}, in
   * the grammar of the {@code jose} library that the official SDK uses (units from seconds to years
   * of 365.25 days), or absolute unix seconds when there are only digits.
   *
   * @throws IllegalArgumentException if it is neither, is zero, lies in the past by its own words,
   *     or is beyond {@link #MAX_LIFE}
   */
  static Expiry parse(String text) {
    boolean absolute = At.FORM.matcher(text).matches();
    return absolute ? atUnixSeconds(Long.parseLong(text)) : After.parse(text);
  }
}
