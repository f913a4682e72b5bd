package dev.runcast.run.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runcast.testing.Seeds;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibilityTest {
  @Test
  void showsWhatIsOverAndNeitherWhatRunsNorWhatIsYetToCome() {
    Visibility snapshot = Visibility.parse("10:14:10,12");

    assertThat(snapshot).isEqualTo(new Visibility(10, 14, Set.of(10L, 12L)));
    assertThat(Set.of(9L, 11L, 13L)).allMatch(snapshot::shows);
    assertThat(Set.of(10L, 12L, 14L, 15L)).noneMatch(snapshot::shows);
  }

  @Test
  void readsWhatPostgresPrints() {
    Seeds.each(
        500,
        random -> {
          long xmin = random.nextInt(1_000_000);
          Set<Long> running = new TreeSet<>();
          for (int i = random.nextInt(5); i > 0; i--) {
            running.add(xmin + random.nextInt(20));
          }
          long xmax = xmin + 20;
          String text =
              running.stream()
                  .map(String::valueOf)
                  .collect(Collectors.joining(",", xmin + ":" + xmax + ":", ""));

          assertThat(Visibility.parse(text)).isEqualTo(new Visibility(xmin, xmax, running));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "10:12", "10:12:13:", "a:12:", "10:b:", "10:12:c", "10:12:11,"})
  void refusesWhatIsNoSnapshot(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Visibility.parse(text));
  }
}
