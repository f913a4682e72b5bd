package dev.runcast.http.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.testing.Seeds;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {
  private static final Cursor CURSOR = Cursor.ofRead(new Incarnation(3, 7), 700);

  @Test
  void isACursorAloneWhereTheFeedHasNoBound() {
    assertThat(EventId.parse(CURSOR.toString())).isEqualTo(new EventId(CURSOR, null));
  }

  @Test
  void carriesTheBoundToTheSecond() {
    Seeds.each(
        500,
        random -> {
          Instant bound = Instant.ofEpochSecond(random.nextLong(-2_000_000_000, 100_000_000_000L));
          String text = CURSOR + EventId.suffix(bound.plusNanos(random.nextInt(1_000_000_000)));

          assertThat(EventId.canHold(bound)).isTrue();
          assertThat(EventId.parse(text)).isEqualTo(new EventId(CURSOR, bound));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"~", "~-", "~1.5", "~zzzzzzzzz", "~-zzzzzzzzz", "~zzzzzzzzzzzzzzzz", "~1~1"})
  void refusesABoundThatItWouldNotGive(String suffix) {
    assertThatIllegalArgumentException().isThrownBy(() -> EventId.parse(CURSOR + suffix));
  }

  @Test
  void refusesABoundWithoutACursor() {
    assertThatIllegalArgumentException().isThrownBy(() -> EventId.parse("~1"));
  }
}
