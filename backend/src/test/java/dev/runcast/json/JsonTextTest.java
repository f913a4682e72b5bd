package dev.runcast.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTextTest {
  private static final JsonText JSON = new JsonText(5);

  @Test
  void keepsEveryDigitOfANumber() throws UnreadableJsonException {
    String text = "[1.10,12345678901234567890123,0.1234567890123456789012345678901]";

    assertThat(JsonText.print(JSON.read(text))).isEqualTo(text);
  }

  @Test
  void refusesWhatIsNestedTooDeep() throws UnreadableJsonException {
    JSON.read("[".repeat(5) + "]".repeat(5));

    assertThatThrownBy(() -> JSON.read("[".repeat(6) + "]".repeat(6)))
        .hasMessage("it is nested deeper than 5 levels");
  }

  @Test
  void saysWhereItStoppedToUnderstandAndQuotesNothing() {
    assertThatThrownBy(() -> JSON.read("{\n \"a\": secret}"))
        .isInstanceOf(UnreadableJsonException.class)
        .hasMessageContaining("line 2, column")
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesNothingAndMoreThanOneValue() {
    assertThatThrownBy(() -> JSON.read("")).hasMessage("it is empty");
    assertThatThrownBy(() -> JSON.read("{} {}")).isInstanceOf(UnreadableJsonException.class);
    assertThatThrownBy(() -> JSON.read(new byte[] {'"', (byte) 0xff, '"'}))
        .isInstanceOf(UnreadableJsonException.class);
    assertThatThrownBy(() -> JSON.read("1" + "0".repeat(2000)))
        .hasMessage("a number or a name in it is too long");
  }

  @Test
  void escapesWhatPostgresCanNotStoreAndNothingElse() throws UnreadableJsonException {
    String nul = "{\"a\":\"\\u0000\",\"b\":\"\\ud83d\\ude00 \\ud83d \\ude00\"}";

    String printed = JsonText.print(JSON.read(nul));

    assertThat(printed).isEqualTo("{\"a\":\"\\u0000\",\"b\":\"😀 \\ud83d \\ude00\"}");
    assertThat(JSON.read(printed)).isEqualTo(JSON.read(nul));
    assertThat(JsonText.isStorable(printed)).isTrue();
    assertThat(new String(printed.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(printed);
  }

  @Test
  void escapesARawNulInATextThatIsPassedOn() {
    assertThat(JsonText.storable("\"a\0b\"")).isEqualTo("\"a\\u0000b\"");
    assertThat(JsonText.storable("\"plain é 😀\"")).isEqualTo("\"plain é 😀\"");
    assertThat(JsonText.isStorable("x\ud800")).isFalse();
    assertThat(JsonText.isStorable("x\udc00y")).isFalse();
    assertThat(JsonText.isStorable("\ud83d\ude00")).isTrue();
  }
}
