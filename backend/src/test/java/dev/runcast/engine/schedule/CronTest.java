package dev.runcast.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Times by name are of years past, whose clocks nobody changes any more. */
class CronTest {
  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

  private static Cron cron(String text) {
    try {
      return Cron.parse(text);
    } catch (UnreadableCronException e) {
      throw new AssertionError(text + ": " + e.sentence(), e);
    }
  }

  private static Instant next(String text, String zone, String after) {
    return cron(text).nextAfter(Instant.parse(after), ZoneId.of(zone)).orElseThrow();
  }

  private static List<String> times(String text, String zone, String after, int count) {
    List<String> times = new ArrayList<>();
    Instant last = Instant.parse(after);
    for (int i = 0; i < count; i++) {
      last = cron(text).nextAfter(last, ZoneId.of(zone)).orElseThrow();
      times.add(last.toString());
    }
    return times;
  }

  @Test
  void aTimeThatTheClockSkipsComesAsMuchLater() {
    assertThat(times("30 2 * * *", "America/New_York", "2024-03-09T08:00:00Z", 2))
        .containsExactly("2024-03-10T07:30:00Z", "2024-03-11T06:30:00Z");
    assertThat(times("0 2,3 * * *", "Europe/Berlin", "2024-03-30T12:00:00Z", 3))
        .containsExactly("2024-03-31T01:00:00Z", "2024-04-01T00:00:00Z", "2024-04-01T01:00:00Z");
    assertThat(times("0 0 * * *", "Africa/Cairo", "2024-04-25T12:00:00Z", 2))
        .containsExactly("2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z");
  }

  @Test
  void aTimeThatTheClockShowsTwiceComesOnce() {
    assertThat(times("30 1 * * *", "America/New_York", "2024-11-02T12:00:00Z", 2))
        .containsExactly("2024-11-03T05:30:00Z", "2024-11-04T06:30:00Z");
    assertThat(times("*/30 1-2 * * *", "America/New_York", "2024-11-03T05:10:00Z", 3))
        .containsExactly("2024-11-03T05:30:00Z", "2024-11-03T07:00:00Z", "2024-11-03T07:30:00Z");
  }

  @Test
  void whatComesEveryHourKeepsItsPace() {
    assertThat(times("*/30 * * * *", "America/New_York", "2024-03-10T06:30:00Z", 3))
        .containsExactly("2024-03-10T07:00:00Z", "2024-03-10T07:30:00Z", "2024-03-10T08:00:00Z");
    assertThat(times("*/30 * * * *", "America/New_York", "2024-11-03T05:00:00Z", 4))
        .containsExactly(
            "2024-11-03T05:30:00Z",
            "2024-11-03T06:00:00Z",
            "2024-11-03T06:30:00Z",
            "2024-11-03T07:00:00Z");
    assertThat(times("10 0-23 * * *", "Australia/Lord_Howe", "2024-10-05T14:30:00Z", 2))
        .containsExactly("2024-10-05T14:40:00Z", "2024-10-05T16:10:00Z");
  }

  @Test
  void aZoneMayLeaveOutAWholeDay() {
    assertThat(times("0 12 30 12 *", "Pacific/Apia", "2011-06-01T00:00:00Z", 1))
        .containsExactly("2011-12-30T22:00:00Z");
  }

  @Test
  void rareDatesAreFoundYearsAhead() {
    assertThat(next("0 2 29 2 *", "Europe/Paris", "2026-03-01T00:00:00Z"))
        .isEqualTo("2028-02-29T01:00:00Z");
    assertThat(cron("0 0 30 2 *").nextAfter(NEW_YEAR, ZoneId.of("Europe/Paris"))).isEmpty();
    assertThat(cron("0 0 31 2,4,6,9,11 *").nextAfter(NEW_YEAR, ZoneId.of("UTC"))).isEmpty();
  }

  @Test
  void theLastDaysOfMonthsHaveALetter() {
    assertThat(times("0 9 L * *", "UTC", "2026-01-01T00:00:00Z", 2))
        .containsExactly("2026-01-31T09:00:00Z", "2026-02-28T09:00:00Z");
    assertThat(times("0 9 * * 5l", "UTC", "2026-01-01T00:00:00Z", 2))
        .containsExactly("2026-01-30T09:00:00Z", "2026-02-27T09:00:00Z");
    assertThat(times("0 9 * * 7L", "UTC", "2026-01-01T00:00:00Z", 1))
        .containsExactly("2026-01-25T09:00:00Z");
  }

  @Test
  void namesAndBlanksAreTaken() {
    assertThat(next(" 0  9\t* jan-mar  mon-FRI ", "UTC", "2026-01-02T12:00:00Z"))
        .isEqualTo("2026-01-05T09:00:00Z");
    assertThat(next("@daily", "UTC", "2026-01-02T12:00:00Z")).isEqualTo("2026-01-03T00:00:00Z");
    assertThat(next("0 0 ? * 1", "UTC", "2026-01-02T12:00:00Z")).isEqualTo("2026-01-05T00:00:00Z");
    assertThat(cron(" @Hourly ").expression()).isEqualTo("@Hourly");
  }

  @Test
  void isDescribedInWords() {
    assertThat(cron("*/5 * * * *").description()).isEqualTo("every 5 minutes");
    assertThat(cron("0 9 * * 1-5").description())
        .isEqualTo("at 09:00 every day between Monday and Friday");
  }

  @Test
  void whatIsNoExpressionIsRefusedInASentence() {
    for (String text :
        List.of(
            "",
            " ",
            "* * * *",
            "* * * * * *",
            "0 0 * * * 2026",
            "@reboot",
            "@every 5m",
            "a b c d e",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * 32 * *",
            "* * * 13 *",
            "* * * * 8",
            "*/0 * * * *",
            "*/60 * * * *",
            "5-1 * * * *",
            "1- * * * *",
            "-1 * * * *",
            "1,,2 * * * *",
            "0 0 1,L * *",
            "0 0 L,15 * *",
            "0 0 * * L",
            "0 0 * * 1L,3L",
            "0 0 15W * *",
            "0 0 * * 1#2",
            "H * * * *",
            "0 0 * * MONDAY",
            "0 0 * FOO *",
            "1.5 * * * *",
            "٣ * * * *",
            "9999999999 * * * *",
            "* * * * *;",
            "x".repeat(300),
            "* ".repeat(5000))) {
      assertThatThrownBy(() -> Cron.parse(text))
          .as(text)
          .isInstanceOf(UnreadableCronException.class)
          .hasMessageContaining("cron")
          .hasMessageEndingWith(".");
    }
  }

  @Test
  void anyTextIsEitherAnExpressionOrRefused() {
    String letters = "0123456789*/,-L?#W@ABMON ";
    Seeds.each(
        3_000,
        random -> {
          StringBuilder text = new StringBuilder();
          for (int field = 0; field < 5; field++) {
            for (int i = random.nextInt(4); i >= 0; i--) {
              text.append(letters.charAt(random.nextInt(letters.length())));
            }
            text.append(' ');
          }
          try {
            Cron cron = Cron.parse(text.toString());
            cron.nextAfter(NEW_YEAR, ZoneId.of("Europe/Rome"));
            assertThat(cron.description()).isNotBlank();
          } catch (UnreadableCronException refused) {
            assertThat(refused.sentence()).isNotBlank();
          }
        });
  }

  /** Against somebody who looks at the clock every minute. */
  @Test
  void comesWhenSomebodySeesItWhoWatchesTheClock() {
    List<String> zones =
        List.of(
            "UTC",
            "America/New_York",
            "Europe/Berlin",
            "Australia/Lord_Howe",
            "Africa/Cairo",
            "America/Santiago",
            "Asia/Kathmandu",
            "America/St_Johns",
            "Pacific/Chatham",
            "Africa/Casablanca",
            "Antarctica/Troll",
            "Asia/Tehran");
    Seeds.each(
        400,
        random -> {
          ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
          Instant after = nearTransition(zone, random);
          String text = RandomCron.text(random);
          Optional<Instant> next = cron(text).nextAfter(after, zone);

          Optional<Instant> seen =
              new ClockWatcher(text, zone).nextAfter(after, Duration.ofDays(9));

          if (seen.isPresent()) {
            assertThat(next).as("%s in %s after %s", text, zone, after).isEqualTo(seen);
          } else {
            assertThat(next.orElse(Instant.MAX))
                .as("%s in %s after %s", text, zone, after)
                .isAfter(after.plus(Duration.ofDays(9)));
          }
        });
  }

  private static Instant nearTransition(ZoneId zone, Random random) {
    Instant any = NEW_YEAR.plusSeconds(random.nextInt(3 * 365 * 24 * 3600));
    ZoneOffsetTransition transition = zone.getRules().nextTransition(any);
    return transition == null || random.nextInt(8) == 0
        ? any
        : transition
            .getInstant()
            .plusSeconds(random.nextInt(5 * 3600 * 24) - 4 * 3600 * 24L)
            .plusSeconds(random.nextBoolean() ? 0 : -random.nextInt(7200));
  }

  @Test
  void nothingIsLeftOutOrComesTwiceOverTheYears() {
    LocalDateTime end = LocalDateTime.parse("2029-01-01T00:00:00");
    for (String zone : List.of("America/New_York", "Australia/Lord_Howe", "Africa/Cairo")) {
      ZoneId id = ZoneId.of(zone);
      Instant last = NEW_YEAR;
      int count = 0;
      while (last.isBefore(end.atZone(id).toInstant())) {
        Instant next = cron("0 0,2 * * *").nextAfter(last, id).orElseThrow();
        assertThat(Duration.between(last, next))
            .isBetween(Duration.ofHours(1), Duration.ofHours(24));
        last = next;
        count++;
      }
      assertThat(count).as(zone).isBetween(2 * 1096 - 2, 2 * 1096 + 2);
    }
  }
}
