package dev.runcast.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.config.Secret;
import dev.runcast.config.SettingsLoader;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WelcomeTest {

  @Test
  void saysThatWhatMovesIsTheDemo() {
    assertThat(welcome(true).text())
        .contains("\n\n  The demo is running: ", "all tagged `demo`.\n\nWatch every change");
  }

  @Test
  void saysNothingOfADemoThatDoesNotRun() {
    assertThat(welcome(false).text())
        .doesNotContain("demo")
        .contains("Personal token  tr_pat_x\n\nWatch every change");
  }

  private static Welcome welcome(boolean demo) {
    SettingsLoader.Loaded loaded = (SettingsLoader.Loaded) SettingsLoader.load(Map.of(), Map.of());
    return new Welcome(
        loaded.settings().server(),
        3030,
        new Secret("tr_dev_x"),
        Optional.of(new Secret("tr_pat_x")),
        demo);
  }
}
