package dev.runcast.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.engine.schedule.Occurrences.Occurrence;
import dev.runcast.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OccurrencesTest {
  private static final Instant NOON = Instant.parse("2024-06-03T12:00:00Z");

  private static Occurrences times(String cron, String zone, String window) {
    try {
      return new Occurrences(
          "sched_1",
          Cron.parse(cron),
          ZoneId.of(zone),
          window == null ? null : DelayWindow.parse(window).orElseThrow());
    } catch (UnreadableCronException e) {
      throw new AssertionError(cron + ": " + e.sentence(), e);
    }
  }

  @Test
  void ofTheTimesThatWereMissedOnlyTheLastIsServed() {
    Occurrences hourly = times("0 * * * *", "UTC", null);

    assertThat(hourly.latestBegun(NOON.minus(Duration.ofDays(3)), NOON.plusSeconds(1)))
        .contains(new Occurrence(NOON, NOON));
  }

  @Test
  void aTimeIsServedWhenItHasComeAndNotBefore() {
    Occurrences hourly = times("0 * * * *", "UTC", null);
    Instant before = NOON.minusSeconds(60);

    assertThat(hourly.latestBegun(before, NOON.minusMillis(1))).isEmpty();
    assertThat(hourly.latestBegun(before, NOON)).contains(new Occurrence(NOON, NOON));
    assertThat(hourly.latestBegun(NOON, NOON.plusSeconds(60))).isEmpty();
  }

  @Test
  void aTimeWhoseRunIsToBeginLaterIsNotServedYetAndHidesNoneBeforeIt() {
    Occurrences late = times("0 * * * *", "UTC", "50%");
    Occurrence noon = late.after(NOON.minusSeconds(1)).orElseThrow();
    assertThat(noon.begin()).isAfter(noon.at());

    Optional<Occurrence> tooEarly =
        late.latestBegun(NOON.minus(Duration.ofHours(5)), noon.begin().minusSeconds(1));

    assertThat(tooEarly.orElseThrow().at()).isEqualTo(NOON.minus(Duration.ofHours(1)));
    assertThat(late.latestBegun(NOON.minusSeconds(1), noon.begin())).contains(noon);
  }

  @Test
  void whatLooksBackFindsWhatWalkingForwardFinds() {
    Seeds.each(
        200,
        random -> {
          String cron =
              switch (random.nextInt(4)) {
                case 0 -> "*/" + (1 + random.nextInt(30)) + " * * * *";
                case 1 -> random.nextInt(60) + " 0-11 * * *";
                case 2 -> random.nextInt(60) + " " + random.nextInt(24) + " * * 1-5";
                default -> "0 3 1 * *";
              };
          String window = random.nextBoolean() ? null : (1 + random.nextInt(100)) + "%";
          Occurrences times = times(cron, "Europe/Paris", window);
          Instant served = NOON.minus(Duration.ofMinutes(random.nextInt(20_000)));
          Instant now = served.plus(Duration.ofSeconds(random.nextInt(200_000)));

          assertThat(times.latestBegun(served, now))
              .as("%s %s, served until %s, now %s", cron, window, served, now)
              .isEqualTo(walked(times, served, now));
        });
  }

  private static Optional<Occurrence> walked(Occurrences times, Instant served, Instant now) {
    Optional<Occurrence> last = Optional.empty();
    Optional<Occurrence> next = times.after(served);
    while (next.isPresent() && !next.get().begin().isAfter(now)) {
      last = next;
      next = times.after(next.get().at());
    }
    return last;
  }

  @Test
  void theTimesToComeFollowTheClockOfTheZone() {
    assertThat(
            times("30 2 * * *", "Europe/Berlin", null)
                .upcoming(Instant.parse("2024-03-29T12:00:00Z"), 3))
        .containsExactly(
            Instant.parse("2024-03-30T01:30:00Z"),
            Instant.parse("2024-03-31T01:30:00Z"),
            Instant.parse("2024-04-01T00:30:00Z"));
  }
}
