package dev.runcast.app.command;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Section;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import dev.runcast.config.SettingsLoader;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The settings as options of a command: one flag for each, under their sections' headings. */
final class SettingsOptions {
  /** What the service sees to at its start; a command beside it must leave keys as they are. */
  private static final Set<Setting> PRESETS = Set.of(Setting.SECRET_KEY, Setting.PERSONAL_TOKEN);

  private SettingsOptions() {}

  /** Gives a command the options of these sections. */
  static void addTo(CommandSpec command, Section... sections) {
    addTo(command, Set.of(), sections);
  }

  /** The same without the presets, for a command that {@link #loadWithoutPresets} is for. */
  static void addWithoutPresetsTo(CommandSpec command, Section... sections) {
    addTo(command, PRESETS, sections);
  }

  private static void addTo(CommandSpec command, Set<Setting> without, Section... sections) {
    for (Section section : sections) {
      ArgGroupSpec.Builder group =
          ArgGroupSpec.builder().heading("%n" + section.title() + ":%n").validate(false);
      for (Setting setting : Setting.values()) {
        if (setting.section() == section && !without.contains(setting)) {
          group.addArg(option(setting));
        }
      }
      command.addArgGroup(group.build());
    }
  }

  /**
   * The settings that a command line and the environment give.
   *
   * @throws CannotStartException one line for each problem
   */
  static Settings load(ParseResult parsed, Setting... required) {
    return load(parsed, System.getenv(), required);
  }

  /**
   * The same, deaf to the presets of the environment: they may be older than the keys in force.
   *
   * @throws CannotStartException one line for each problem
   */
  static Settings loadWithoutPresets(ParseResult parsed) {
    Map<String, String> variables = new HashMap<>(System.getenv());
    PRESETS.forEach(preset -> variables.remove(preset.variable()));
    return load(parsed, variables);
  }

  private static Settings load(
      ParseResult parsed, Map<String, String> variables, Setting... required) {
    SettingsLoader.Outcome outcome = SettingsLoader.load(flags(parsed), variables, required);
    if (outcome instanceof SettingsLoader.Refused refused) {
      throw new CannotStartException(String.join("\n", refused.problems()));
    }
    return ((SettingsLoader.Loaded) outcome).settings();
  }

  private static Map<Setting, String> flags(ParseResult parsed) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String value = parsed.matchedOptionValue(setting.flag(), (String) null);
      if (value != null) {
        flags.put(setting, value);
      }
    }
    return flags;
  }

  private static OptionSpec option(Setting setting) {
    String fallback = setting.fallback().isEmpty() ? "" : "; default " + setting.fallback();
    return OptionSpec.builder(setting.flag())
        .paramLabel(setting.placeholder())
        .type(String.class)
        .arity(setting.isSwitch() ? "0..1" : "1")
        .fallbackValue(setting.isSwitch() ? "true" : "")
        .description(setting.help() + " (" + setting.variable() + fallback + ")")
        .build();
  }
}
