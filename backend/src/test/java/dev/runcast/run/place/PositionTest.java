package dev.runcast.run.place;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.testing.Seeds;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PositionTest {
  @Test
  void isOrderedByTransactionThenByPlaceWithinIt() {
    Position first = new Position(new Lsn(5), 0);
    Position second = new Position(new Lsn(5), 1);
    Position end = Position.endOf(new Lsn(5));
    Position next = new Position(new Lsn(6), 0);

    assertThat(Stream.of(next, end, second, first).sorted().toList())
        .containsExactly(first, second, end, next);
    assertThat(end.isEnd()).isTrue();
    assertThat(second.isEnd()).isFalse();
  }

  @Test
  void nothingStandsBetweenAPlaceAndTheOneBeforeIt() {
    Seeds.each(
        500,
        random -> {
          Position place = changePosition(random);
          Position other = changePosition(random);

          assertThat(place.isAfter(place.before())).isTrue();
          assertThat(place.isAfter(other) && other.isAfter(place.before())).isFalse();
        });
  }

  @Test
  void comparesAsATotalOrder() {
    Seeds.each(
        500,
        random -> {
          List<Position> sorted =
              Stream.generate(() -> changePosition(random)).limit(5).sorted().toList();

          assertThat(sorted)
              .isSortedAccordingTo(
                  Comparator.comparing(Position::lsn).thenComparing(Position::index));
        });
  }

  private static Position changePosition(Random random) {
    return new Position(new Lsn(random.nextInt(4)), random.nextInt(4));
  }
}
