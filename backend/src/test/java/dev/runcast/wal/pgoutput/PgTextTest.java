package dev.runcast.wal.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PgTextTest {

  @ParameterizedTest
  @CsvSource({
    "2026-01-02 03:04:05+00, 2026-01-02T03:04:05Z",
    "2026-01-02 03:04:05.1+00, 2026-01-02T03:04:05.1Z",
    "2026-01-02 03:04:05.678901+00, 2026-01-02T03:04:05.678901Z",
    "2026-01-02 03:04:05+02, 2026-01-02T01:04:05Z",
    "2026-01-01 00:30:00.5+05:30, 2025-12-31T19:00:00.5Z",
    "2026-01-02 03:04:05-03:30, 2026-01-02T06:34:05Z",
    "1850-01-02 03:04:05.5+00:19:32, 1850-01-02T02:44:33.5Z",
    "1969-12-31 23:59:59.999999+00, 1969-12-31T23:59:59.999999Z",
    "12026-06-30 12:00:00+00, +12026-06-30T12:00:00Z",
    "294276-12-31 23:59:59.999999+00, +294276-12-31T23:59:59.999999Z",
    "0044-03-15 12:00:00+00 BC, -0043-03-15T12:00:00Z",
    "0001-01-01 00:00:00+00 BC, 0000-01-01T00:00:00Z"
  })
  void readsATimeWithAnyOffset(String text, Instant expected) {
    assertThat(timestamptz(text)).isEqualTo(expected);
  }

  @Test
  void readsBothInfinities() {
    assertThat(timestamptz("infinity")).isEqualTo(PgText.INFINITY);
    assertThat(timestamptz("-infinity")).isEqualTo(PgText.MINUS_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "infinit",
        "-1",
        "2026",
        "2026-01-02",
        "2026-01-02 03:04:05",
        "2026-13-02 03:04:05+00",
        "2026-02-30 03:04:05+00",
        "2026-01-02T03:04:05+00",
        "2026-01-02 03:04:05.+00",
        "2026-01-02 03:04:05.1234567890+00",
        "2026-01-02 03:04:05+0",
        "2026-01-02 03:04:05+00:0",
        "2026-01-02 03:04:05Z00",
        "2026/01/02 03:04:05+00",
        "02/01/2026 03:04:05 UTC",
        "2026-01-02 03:04:05+00 BC BC",
        "1234567-01-02 03:04:05+00",
        "２026-01-02 03:04:05+00"
      })
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> timestamptz(text)).isInstanceOf(MalformedMessageException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "-7, -7",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808"
  })
  void readsABigint(String text, long expected) {
    byte[] bytes = bytes(text);

    assertThat(PgText.int8(bytes, 0, bytes.length)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        "1a",
        " 1",
        "9223372036854775808",
        "-9223372036854775809",
        "9999999999999999999",
        "99999999999999999999",
        "18446744073709551616"
      })
  void refusesWhatIsNoBigint(String text) {
    byte[] bytes = bytes(text);

    assertThatThrownBy(() -> PgText.int8(bytes, 0, bytes.length))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void readsEveryBigintAsJavaPrintsIt() {
    Seeds.each(
        2_000,
        random -> {
          long value = random.nextLong() >> random.nextInt(64);
          byte[] bytes = bytes("xx" + value + "x");

          assertThat(PgText.int8(bytes, 2, bytes.length - 3)).isEqualTo(value);
        });
  }

  @Test
  void refusesAnIntegerThatIsTooLarge() {
    byte[] bytes = bytes("2147483648");

    assertThatThrownBy(() -> PgText.int4(bytes, 0, bytes.length))
        .isInstanceOf(MalformedMessageException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "5, 5",
    "0.1, 0.1",
    "-1e+22, -1e22",
    "1e-07, 1e-7",
    "NaN, NaN",
    "Infinity, Infinity"
  })
  void readsADouble(String text, Double expected) {
    byte[] bytes = bytes(text);

    assertThat(PgText.float8(bytes, 0, bytes.length)).isEqualTo(expected);
  }

  @Test
  void readsABoolean() {
    assertThat(PgText.bool(bytes("t"), 0, 1)).isTrue();
    assertThat(PgText.bool(bytes("f"), 0, 1)).isFalse();
    assertThatThrownBy(() -> PgText.bool(bytes("true"), 0, 4))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void readsArrays() {
    assertThat(textArray("{}")).isEmpty();
    assertThat(textArray("{a}")).containsExactly("a");
    assertThat(textArray("{a,b c,ü}")).containsExactly("a", "b c", "ü");
    assertThat(textArray("{NULL,\"NULL\",null}")).containsExactly(null, "NULL", null);
    assertThat(textArray("{\"\",\" \"}")).containsExactly("", " ");
    assertThat(textArray("{\"a\\\"b\",\"c\\\\d\",\"{x,y}\"}"))
        .containsExactly("a\"b", "c\\d", "{x,y}");
    assertThat(textArray("[0:1]={a,b}")).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "}",
        "a",
        "{a",
        "a}",
        "{,}",
        "{a,}",
        "{a}b}",
        "{{a},{b}}",
        "{\"a}",
        "{\"a\\\"}",
        "{\"a\"b}",
        "{\"}",
        "{\\}",
        "[0:1]",
        "[0:1]={",
        "{a\"b}"
      })
  void refusesWhatIsNoArray(String text) {
    assertThatThrownBy(() -> textArray(text)).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void readsBackEveryArrayThatPostgresWouldPrint() {
    Seeds.each(
        2_000,
        random -> {
          List<String> elements = new ArrayList<>();
          for (int i = random.nextInt(6); i > 0; i--) {
            elements.add(element(random));
          }

          assertThat(textArray(print(elements))).isEqualTo(elements);
        });
  }

  private static String element(Random random) {
    StringBuilder element = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      element.append("ab,{}\"\\ 漢\n".charAt(random.nextInt(10)));
    }
    return random.nextInt(10) == 0 ? null : element.toString();
  }

  /** As array_out does, but that it quotes always. */
  private static String print(List<String> elements) {
    List<String> printed = new ArrayList<>();
    for (String element : elements) {
      printed.add(
          element == null
              ? "NULL"
              : '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    return "{" + String.join(",", printed) + "}";
  }

  private static Instant timestamptz(String text) {
    byte[] bytes = bytes(text);
    return PgText.timestamptz(bytes, 0, bytes.length);
  }

  private static List<String> textArray(String text) {
    byte[] bytes = bytes(text);
    return PgText.textArray(bytes, 0, bytes.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
