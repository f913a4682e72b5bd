package dev.runcast.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkTextTest {
  private final ChunkText text = new ChunkText(new JsonText(30));

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "null", "\"a\\n\\u0000\"", " [1, {\"a\":-1.50e3}] ", "12345678901234567890"})
  void keepsJsonAsItIs(String json) {
    assertThat(text.ofLine(json)).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "undefined",
        "{} {}",
        "{",
        "\"a\tb\"",
        "01",
        "NaN",
        "\"a\u0000\"",
        "x\ry"
      })
  void makesAStringOfWhatIsNoJson(String line) throws Exception {
    String chunk = text.ofLine(line);

    assertThat(chunk).doesNotContain("\r", "\n", "\u0000");
    assertThat(new JsonText(30).read(chunk).textValue()).isEqualTo(line);
  }

  @Test
  void takesALineBreakOutOfTheSpaceWithinJson() {
    assertThat(text.ofLine("{\r\"a\":1}")).isEqualTo("{ \"a\":1}");
  }

  @Test
  void refusesWhatIsNestedTooDeep() {
    assertThat(text.ofLine("[".repeat(30) + "]".repeat(30))).hasSize(60);
    assertThatThrownBy(() -> text.ofLine("[".repeat(31) + "]".repeat(31)))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("nested deeper than 30");
  }
}
