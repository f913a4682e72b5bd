package dev.runcast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.config.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everySettingIsAFlagOfUpWithItsVariableInTheHelp(Setting setting) {
    String help = help("up");

    assertThat(help).contains(setting.flag(), "(" + setting.variable());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--prot=1", "nonsense"})
  void aTypingErrorIsTheOperatorsToPutRight(String argument) {
    assertThat(quietly().execute("up", argument)).isEqualTo(2);
  }

  @Test
  void aProblemWithASettingIsTheOperatorsToPutRight() {
    assertThat(quietly().execute("up", "--port=none")).isEqualTo(2);
  }

  private static picocli.CommandLine quietly() {
    java.io.PrintWriter nowhere = new java.io.PrintWriter(java.io.Writer.nullWriter());
    return Commands.all().setErr(nowhere).setOut(nowhere);
  }

  private static String help(String command) {
    return Commands.all().getSubcommands().get(command).getUsageMessage();
  }
}
