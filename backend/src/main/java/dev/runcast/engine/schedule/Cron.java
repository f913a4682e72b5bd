package dev.runcast.engine.schedule;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A cron expression of five fields: minute, hour, day of the month, month, day of the week. If both
 * days are restricted, either is enough.
 *
 * <p>The library reads and describes it and says which times on the wall clock it means. It is only
 * ever asked about a clock that is never put forward or back, since it is wrong about others.
 */
public final class Cron {
  private static final int MAX_LENGTH = 256;
  private static final int FIELDS = 5;
  private static final int DAY_OF_MONTH = 2;
  private static final int DAY_OF_WEEK = 4;

  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@YEARLY", "0 0 1 1 *",
          "@ANNUALLY", "0 0 1 1 *",
          "@MONTHLY", "0 0 1 * *",
          "@WEEKLY", "0 0 * * 0",
          "@DAILY", "0 0 * * *",
          "@MIDNIGHT", "0 0 * * *",
          "@HOURLY", "0 * * * *");

  private static final Pattern LETTERS = Pattern.compile("[0-9A-Z*/,?#@-]*");
  private static final Pattern EVERY_HOUR = Pattern.compile("(\\*|0-23)(/1)?");

  /** As parts of lists or by itself among the days of the week, the library takes L for nothing. */
  private static final Pattern LAST_DAY_OF_MONTH = Pattern.compile("L(-[0-9]{1,2})?");

  private static final Pattern LAST_DAY_OF_WEEK = Pattern.compile("[0-7]L");

  private static final CronDefinition DEFINITION =
      CronDefinitionBuilder.defineCron()
          .withMinutes()
          .withStrictRange()
          .and()
          .withHours()
          .withStrictRange()
          .and()
          .withDayOfMonth()
          .supportsL()
          .withStrictRange()
          .and()
          .withMonth()
          .withStrictRange()
          .and()
          .withDayOfWeek()
          .withValidRange(0, 7)
          .withMondayDoWValue(1)
          .withIntMapping(7, 0)
          .supportsL()
          .withStrictRange()
          .and()
          .instance();

  private final String expression;
  private final com.cronutils.model.Cron cron;
  private final ExecutionTime times;
  private final boolean everyHour;

  private Cron(String expression, com.cronutils.model.Cron cron, boolean everyHour) {
    this.expression = expression;
    this.cron = cron;
    this.times = ExecutionTime.forCron(cron);
    this.everyHour = everyHour;
  }

  /**
   * Reads an expression, or one of the names {@code @yearly}, {@code @monthly}, {@code @weekly},
   * {@code @daily} and {@code @hourly}.
   */
  public static Cron parse(String text) throws UnreadableCronException {
    if (text.length() > MAX_LENGTH) {
      throw new UnreadableCronException(
          "cron has %d characters, over the limit of %d.".formatted(text.length(), MAX_LENGTH));
    }
    String upper = text.strip().toUpperCase(Locale.ROOT);
    String[] fields = NICKNAMES.getOrDefault(upper, upper).split("\\s+");
    if (fields.length != FIELDS) {
      throw new UnreadableCronException(
          "cron must have five fields (minute, hour, day of month, month, day of week) or be one of"
              + " @yearly, @monthly, @weekly, @daily, @hourly.");
    }
    for (String field : fields) {
      if (!LETTERS.matcher(field).matches()) {
        throw new UnreadableCronException(
            "cron must be made of digits, letters of A to Z and * / , - only.");
      }
    }
    requireWholeL(fields[DAY_OF_MONTH], LAST_DAY_OF_MONTH, "L for the last day of the month");
    requireWholeL(fields[DAY_OF_WEEK], LAST_DAY_OF_WEEK, "such as 5L for the last Friday");
    fields[DAY_OF_MONTH] = fields[DAY_OF_MONTH].replace('?', '*');
    fields[DAY_OF_WEEK] = fields[DAY_OF_WEEK].replace('?', '*');
    return new Cron(text.strip(), read(fields), EVERY_HOUR.matcher(fields[1]).matches());
  }

  private static void requireWholeL(String field, Pattern whole, String example)
      throws UnreadableCronException {
    if (field.contains("L") && !whole.matcher(field).matches()) {
      throw new UnreadableCronException(
          "In cron, L can't stand in a list or a range; write it alone, %s.".formatted(example));
    }
  }

  private static com.cronutils.model.Cron read(String[] fields) throws UnreadableCronException {
    try {
      return new CronParser(DEFINITION).parse(String.join(" ", fields)).validate();
    } catch (IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      String said = String.valueOf(reason.getMessage()).replaceFirst("[.]+$", "");
      throw new UnreadableCronException("cron can't be read: " + said + ".");
    }
  }

  /** As it was given. */
  public String expression() {
    return expression;
  }

  /** In English words. */
  public String description() {
    return CronDescriptor.instance(Locale.ENGLISH).describe(cron);
  }

  /** What an expression says, in English words, or that it is none. */
  public static String describe(String expression) {
    try {
      return parse(expression).description();
    } catch (UnreadableCronException e) {
      return "not a cron expression";
    }
  }

  /** The first time after an instant, by the clocks of a zone; empty when there never is one. */
  public Optional<Instant> nextAfter(Instant instant, ZoneId zone) {
    return new WallClock(zone.getRules(), this::nextOnWallClock, everyHour).nextAfter(instant);
  }

  private Optional<LocalDateTime> nextOnWallClock(LocalDateTime after) {
    return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(next -> next.toLocalDateTime());
  }
}
