package dev.runcast.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
  private static final int[] ALPHABET = "aZ09_-*/. :é\u2028😀\"\\".codePoints().toArray();

  @Test
  void onlyTheFirstTwoColonsSeparate() {
    assertThat(Scope.parse("read:tags:user:1")).isEqualTo(Scope.of("read", "tags", "user:1"));
    assertThat(Scope.parse("read:tags::")).isEqualTo(Scope.of("read", "tags", ":"));
  }

  @Test
  void typeAndIdMayBeAbsent() {
    assertThat(Scope.parse("read:runs")).isEqualTo(Scope.of("read", "runs"));
    assertThat(Scope.parse("admin")).isEqualTo(new Scope("admin", null, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ":",
        "read:",
        "read: ",
        ":runs",
        "read::run_1",
        "read:runs:",
        "read:runs: "
      })
  void aBlankPartIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Scope.parse(text));
  }

  @Test
  void aPartThatWouldReadBackAsTwoIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Scope.of("read:all", "runs"));
    assertThatIllegalArgumentException().isThrownBy(() -> Scope.of("read", "runs:run_1"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Scope("read", null, "run_1"));
  }

  @Test
  void whatIsPrintedReadsBackAsTheSame() {
    Seeds.each(
        500,
        random -> {
          Scope scope = randomScope(random);

          assertThat(Scope.parse(scope.toString())).isEqualTo(scope);
        });
  }

  private static Scope randomScope(Random random) {
    String type = random.nextInt(4) == 0 ? null : word(random).replace(':', ';');
    String id = type == null || random.nextInt(3) == 0 ? null : word(random);
    return new Scope(word(random).replace(':', ';'), type, id);
  }

  private static String word(Random random) {
    return random
        .ints(1 + random.nextInt(8), 0, ALPHABET.length)
        .mapToObj(i -> Character.toString(ALPHABET[i]))
        .collect(Collectors.joining("", "x", ""));
  }
}
