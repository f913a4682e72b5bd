package dev.runcast.run.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runcast.testing.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  @Test
  void readsWhatItPrinted() {
    Seeds.each(
        2_000,
        random -> {
          Cursor cursor = anyCursor(random);

          assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
        });
  }

  @Test
  void printsNothingThatAUrlOrAHeaderWouldNeedToEscape() {
    Seeds.each(500, random -> assertThat(anyCursor(random).toString()).matches("[0-9A-Za-z._-]+"));
  }

  @Test
  void tellsApartPlacesReadsAndPages() {
    assertThat(Cursor.parse("a-1.700.0-2A.3").position()).isEqualTo(new Position(new Lsn(42), 2));
    assertThat(Cursor.parse("a-1.700.0-2A.0").position()).isEqualTo(new Position(new Lsn(42), -1));
    assertThat(Cursor.parse("a-1.700.0-2A.e").position()).isEqualTo(Position.endOf(new Lsn(42)));
    assertThat(Cursor.parse("a-1.700")).isEqualTo(Cursor.ofRead(new Incarnation(10, 1), 700));
    assertThat(Cursor.parse("a-1.700.p.650.run_1").page())
        .isEqualTo(new Cursor.Page(false, 650, "run_1"));
    assertThat(Cursor.parse("a-1.700.f.650.").page()).isEqualTo(new Cursor.Page(true, 650, ""));
    assertThat(Cursor.parse("a-1.700.p.710.run_1.12.700.w6kv").page())
        .isEqualTo(new Cursor.Page(false, 710, "run_1", new Cursor.Chunks("é/", 12, 700)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "a-1",
        "a-1.",
        ".700",
        "a.700",
        "-1.700",
        "a-.700",
        "A-1.700",
        "a-1.-7",
        "a-1.99999999999999999999",
        "a-1.9999999999999999999",
        "zzzzzzzzzzzzz-1.7",
        "a-zzzzzzz.7",
        "a-1.700.0-2A",
        "a-1.700.p.650.run_1.12.700",
        "a-1.700.p.650.run_1.12.700.A",
        "a-1.700.p.650.run_1.12.700.%",
        "a-1.700.p.650.run_1.-1.700.c3",
        "a-1.700.0/2A.3",
        "a-1.700.0-2a.3",
        "a-1.700.0-2A.-1",
        "a-1.700.0-2A.1234567890",
        "a-1.700.x.650.run_1",
        "a-1.700.p.650",
        "a-1.700.p.650.run-1",
        "a-1.700.p.650.run_1\n",
        " a-1.700",
        "a-1.700~1"
      })
  void refusesWhatNoServiceHasGiven(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cursor.parse(text));
  }

  @Test
  void refusesAnythingElseWithOneKindOfError() {
    Seeds.each(
        2_000,
        random -> {
          StringBuilder text = new StringBuilder(anyCursor(random).toString());
          for (int i = 1 + random.nextInt(3); i > 0; i--) {
            text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(95)));
          }
          try {
            Cursor read = Cursor.parse(text.toString());
            assertThat(Cursor.parse(read.toString())).isEqualTo(read);
          } catch (IllegalArgumentException refused) {
            assertThat(refused).isNotNull();
          }
        });
  }

  private static Cursor anyCursor(Random random) {
    Incarnation incarnation =
        new Incarnation(random.nextLong() >>> (1 + random.nextInt(63)), random.nextInt());
    long horizon = random.nextLong() >>> (1 + random.nextInt(63));
    return switch (random.nextInt(6)) {
      case 0 -> Cursor.ofRead(incarnation, horizon);
      case 1 ->
          new Cursor(incarnation, horizon, null, new Cursor.Page(random.nextBoolean(), 7, "run_1"));
      case 3 -> Cursor.withoutChunks(incarnation, horizon);
      case 4 ->
          new Cursor(
              incarnation,
              horizon,
              null,
              new Cursor.Page(random.nextBoolean(), 7, "run_1", anyChunks(random)));
      case 2 -> new Cursor(incarnation, horizon, Position.endOf(new Lsn(random.nextLong())), null);
      default ->
          new Cursor(
              incarnation,
              horizon,
              new Position(new Lsn(random.nextLong()), random.nextInt(1_000) - 1),
              null);
    };
  }

  private static Cursor.Chunks anyChunks(Random random) {
    String stream = random.nextBoolean() ? "" : "\u0007 é😀/".repeat(random.nextInt(20));
    return new Cursor.Chunks(stream, random.nextInt(100), random.nextInt(100));
  }
}
