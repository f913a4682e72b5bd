package dev.runcast.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.BitSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a clock every minute and compares what it shows with a cron expression, field by field:
 * what the schedule must agree with, written down anew.
 */
final class ClockWatcher {
  private static final Pattern PART = Pattern.compile("(\\*|[0-9]+)(?:-([0-9]+))?(?:/([0-9]+))?");

  private final ZoneRules rules;
  private final BitSet[] fields;
  private final boolean eitherDay;
  private final boolean everyHour;

  ClockWatcher(String cron, ZoneId zone) {
    String[] texts = cron.split(" ", -1);
    rules = zone.getRules();
    fields =
        new BitSet[] {
          values(texts[0], 0, 59),
          values(texts[1], 0, 23),
          values(texts[2], 1, 31),
          values(texts[3], 1, 12),
          values(texts[4], 0, 7)
        };
    eitherDay = !texts[2].equals("*") && !texts[4].equals("*");
    everyHour = texts[1].equals("*") || texts[1].equals("0-23") || texts[1].equals("0-23/1");
    if (fields[4].get(7)) {
      fields[4].set(0);
    }
  }

  private static BitSet values(String field, int low, int high) {
    BitSet values = new BitSet();
    Matcher part = PART.matcher(field);
    while (part.find()) {
      boolean any = part.group(1).equals("*");
      int first = any ? low : Integer.parseInt(part.group(1));
      int only = any ? high : first;
      int last = part.group(2) == null ? only : Integer.parseInt(part.group(2));
      int step = part.group(3) == null ? 1 : Integer.parseInt(part.group(3));
      for (int i = first; i <= last; i += step) {
        values.set(i);
      }
    }
    return values;
  }

  Optional<Instant> nextAfter(Instant after, Duration within) {
    long first = Math.floorDiv(after.getEpochSecond(), 60) + 1;
    for (long minute = first; minute <= first + within.toMinutes(); minute++) {
      Instant now = Instant.ofEpochSecond(minute * 60);
      if (isTime(now)) {
        return Optional.of(now);
      }
    }
    return Optional.empty();
  }

  private boolean isTime(Instant now) {
    ZoneOffset offset = rules.getOffset(now);
    LocalDateTime shown = LocalDateTime.ofEpochSecond(now.getEpochSecond(), 0, offset);
    if (matches(shown)) {
      boolean shownBefore = !rules.getValidOffsets(shown).get(0).equals(offset);
      if (everyHour || !shownBefore) {
        return true;
      }
    }
    return !everyHour && makesUpForASkippedTime(shown);
  }

  private boolean makesUpForASkippedTime(LocalDateTime shown) {
    for (int minutes = 30; minutes <= 120; minutes += 30) {
      LocalDateTime earlier = shown.minusMinutes(minutes);
      ZoneOffsetTransition gap = rules.getTransition(earlier);
      if (gap != null
          && gap.isGap()
          && gap.getDuration().toMinutes() == minutes
          && matches(earlier)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(LocalDateTime time) {
    boolean dayOfMonth = fields[2].get(time.getDayOfMonth());
    boolean dayOfWeek = fields[4].get(time.getDayOfWeek().getValue() % 7);
    return fields[0].get(time.getMinute())
        && fields[1].get(time.getHour())
        && fields[3].get(time.getMonthValue())
        && (eitherDay ? dayOfMonth || dayOfWeek : dayOfMonth && dayOfWeek);
  }
}
