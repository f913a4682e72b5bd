package dev.runcast.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads single settings and collects what is wrong with them. After a problem the default stands
 * in, so that the reading goes on and every problem is found in one go. Confined to one load.
 */
final class Values {
  private static final Pattern ON_OFF = Pattern.compile("true|false");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,10})\\s*(?:([KMG]?)(i?)B)?");
  private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");
  private static final Map<String, Duration> DURATION_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1),
          "w", Duration.ofDays(7));

  private final Map<Setting, String> flags;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  Values(Map<Setting, String> flags, Map<String, String> environment) {
    this.flags = flags;
    this.environment = environment;
  }

  List<String> problems() {
    return problems;
  }

  /** Adds a problem that only several settings together have. */
  void refuse(String problem) {
    problems.add(problem);
  }

  /** The text as given; empty when not set and without a default. */
  String text(Setting setting) {
    String flag = flags.get(setting);
    String given = flag != null ? flag : environment.getOrDefault(setting.variable(), "");
    return given.isBlank() ? setting.fallback() : given.trim();
  }

  Optional<String> optional(Setting setting) {
    return Optional.of(text(setting)).filter(text -> !text.isEmpty());
  }

  int integer(Setting setting, int least, int most) {
    String cure = "give a whole number from " + least + " to " + most;
    return read(
        setting,
        cure,
        text -> {
          int value = Integer.parseInt(text);
          return within(value, least, most);
        });
  }

  int bytes(Setting setting, int least, int most) {
    String cure = "give a size from " + least + " to " + most + " bytes, such as 256KiB or 3MiB";
    return read(setting, cure, text -> within(parseBytes(text), least, most));
  }

  Duration duration(Setting setting, Duration least, Duration most) {
    String cure =
        "give a duration from "
            + shortForm(least)
            + " to "
            + shortForm(most)
            + ", such as 500ms, 90s or 1h30m";
    return read(
        setting,
        cure,
        text -> {
          Duration value = parseDuration(text);
          if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException();
          }
          return value;
        });
  }

  boolean onOff(Setting setting) {
    return name(setting, ON_OFF, "give true or false").equals("true");
  }

  Optional<Path> path(Setting setting) {
    return optional(setting).map(text -> Path.of(text).toAbsolutePath().normalize());
  }

  Optional<Secret> secret(Setting setting, Pattern shape, String cure) {
    Optional<Secret> secret = optional(setting).map(Secret::new);
    if (secret.isPresent() && !shape.matcher(secret.get().reveal()).matches()) {
      problems.add(setting.label() + " has the wrong form: " + cure + ".");
    }
    return secret;
  }

  String name(Setting setting, Pattern shape, String cure) {
    return read(
        setting,
        cure,
        text -> {
          if (!shape.matcher(text).matches()) {
            throw new IllegalArgumentException();
          }
          return text;
        });
  }

  private <T> T read(Setting setting, String cure, Function<String, T> parser) {
    String text = text(setting);
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      problems.add(setting.label() + " is '" + text + "': " + cure + ".");
      return parser.apply(setting.fallback());
    }
  }

  private static int within(long value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException();
    }
    return (int) value;
  }

  private static long parseBytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    long bytes = Long.parseLong(matcher.group(1));
    int power = matcher.group(2) == null ? 0 : " KMG".indexOf(matcher.group(2));
    long step = "i".equals(matcher.group(3)) ? 1024 : 1000;
    for (int i = 0; i < power; i++) {
      bytes *= step;
    }
    return bytes;
  }

  private static Duration parseDuration(String text) {
    Matcher matcher = DURATION_PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      sum = sum.plus(unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1))));
      end = matcher.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException();
    }
    return sum;
  }

  private static Duration unit(String name) {
    return DURATION_UNITS.getOrDefault(name, Duration.ZERO);
  }

  private static String shortForm(Duration duration) {
    for (String name : List.of("d", "h", "m", "s")) {
      long count = duration.dividedBy(unit(name));
      if (count > 0 && unit(name).multipliedBy(count).equals(duration)) {
        return count + name;
      }
    }
    return duration.toMillis() + "ms";
  }
}
