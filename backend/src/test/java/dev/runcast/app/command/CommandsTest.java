package dev.runcast.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.config.Setting;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
  @TempDir private Path directory;

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token --read runs",
        "token revoke --all",
        "project create",
        "env create --env prod",
        "env rotate",
        "env archive --env dev/x"
      })
  void aCommandMakesNoInstallationWhereThereIsNone(String command) {
    Path nothing = directory.resolve("nothing");

    int exitCode = quietly().execute((command + " --data-dir " + nothing).split(" ", -1));

    assertThat(exitCode).isEqualTo(2);
    assertThat(nothing).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token",
        "token revoke",
        "project create",
        "env create",
        "env rotate",
        "env archive"
      })
  void onlyTheServiceTakesPresets(String command) {
    picocli.CommandLine line = Commands.all();
    for (String word : command.split(" ", -1)) {
      line = line.getSubcommands().get(word);
    }

    assertThat(line.getUsageMessage())
        .contains("--encryption-key")
        .doesNotContain("--secret-key", "--personal-token");
  }

  private static picocli.CommandLine quietly() {
    java.io.PrintWriter nowhere = new java.io.PrintWriter(java.io.Writer.nullWriter());
    return Commands.all().setErr(nowhere).setOut(nowhere);
  }

  private static String help(String command) {
    return Commands.all().getSubcommands().get(command).getUsageMessage();
  }
}
