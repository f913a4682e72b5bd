package dev.runcast.subscribe.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Visibility;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnOffsetTest {
  private static final Bookmark BOOKMARK =
      new Bookmark(
          Cursor.ofRead(new Incarnation(3, 7), 1_000),
          new Visibility(1_000, 1_005, Set.of(1_000L, 1_003L)),
          12);

  @Test
  void isReadAsItWasPrinted() {
    TurnOffset plain = new TurnOffset(BOOKMARK, List.of());
    TurnOffset full =
        new TurnOffset(
            BOOKMARK, List.of(told("run_1", 1, 0), told("run_2", Integer.MAX_VALUE, 1L << 40)));

    assertThat(TurnOffset.parse(plain.toString())).isEqualTo(plain);
    assertThat(plain.toString()).isEqualTo(BOOKMARK.toString());
    assertThat(TurnOffset.parse(full.toString())).isEqualTo(full);
    assertThat(full.toString()).startsWith(BOOKMARK + "!run_1.1.0!run_2.");
    assertThat(full.of(new RunId("run_1"))).isEqualTo(told("run_1", 1, 0));
    assertThat(full.of(new RunId("run_3"))).isNull();
  }

  @Test
  void fitsIntoAUrlThoughItSaysAllThatItMay() {
    String run = "run_" + "x".repeat(25);
    TurnOffset longest =
        new TurnOffset(
            BOOKMARK,
            IntStream.range(0, TurnOffset.MOST_TOLD)
                .mapToObj(i -> told(run, 99, 1L << 40))
                .toList());

    assertThat(longest.toString()).matches("[A-Za-z0-9_.~!-]+").hasSizeLessThan(1_500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "!",
        "!run_1.1.0",
        "1-7.100!",
        "1-7.100!run_1",
        "1-7.100!run_1.1",
        "1-7.100!7",
        "1-7.100!run_1.1.0!",
        "1-7.100!run 1.1.0",
        "1-7.100!run_1.-1.0",
        "1-7.100!run_1.1.0.0"
      })
  void refusesWhatItHasNotGiven(String text) {
    assertThatThrownBy(() -> TurnOffset.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static TurnOffset.Told told(String run, long version, long until) {
    return new TurnOffset.Told(new RunId(run), version, until);
  }
}
