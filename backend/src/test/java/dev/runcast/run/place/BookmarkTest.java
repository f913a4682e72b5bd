package dev.runcast.run.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.testing.Seeds;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookmarkTest {
  private static final Incarnation INCARNATION = new Incarnation(3, 77);

  @Test
  void readsWhatItPrints() {
    Seeds.each(
        500,
        random -> {
          Bookmark bookmark = bookmark(random);

          assertThat(Bookmark.parse(bookmark.toString())).isEqualTo(bookmark);
          assertThat(bookmark.toString()).matches("[A-Za-z0-9._~-]+");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "~",
        "nonsense",
        "3-25.7~",
        "3-25.7~1",
        "3-25.7~1.2",
        "3-25.7~1.2.3.",
        "3-25.7~1.2.3.!",
        "3-25.7~1.2.zzzzzzzzzzzzz",
        "3-25.7~1.2.3~4.5.6",
      })
  void refusesWhatItHasNotPrinted(String text) {
    assertThatThrownBy(() -> Bookmark.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void claimsNoPlaceWhereWhatWasShownIsTooMuchToSay() {
    Set<Long> many = new HashSet<>();
    for (long xid = 1_000; xid < 1_500; xid++) {
      many.add(xid);
    }
    Cursor cursor = new Cursor(INCARNATION, 900, new Position(new Lsn(5), 1), null);

    Bookmark bookmark = Bookmark.of(cursor, new Visibility(1_000, 2_000, many), 1);

    assertThat(bookmark).isEqualTo(new Bookmark(Cursor.ofRead(INCARNATION, 900), null, 1));
  }

  private static Bookmark bookmark(Random random) {
    long horizon = random.nextLong(1L << 40);
    Cursor cursor =
        random.nextBoolean()
            ? Cursor.ofRead(INCARNATION, horizon)
            : new Cursor(INCARNATION, horizon, new Position(new Lsn(random.nextLong()), 3), null);
    if (random.nextInt(3) == 0) {
      return new Bookmark(cursor, null, 0);
    }
    Set<Long> inProgress = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      inProgress.add(horizon + random.nextInt(50));
    }
    return new Bookmark(
        cursor, new Visibility(horizon, horizon + 50, inProgress), random.nextLong(1L << 30));
  }
}
