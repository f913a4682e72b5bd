package dev.runcast.it.conformance;

import dev.runcast.it.harness.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of {@code docs/COMPATIBILITY.md}: functions, and a cell for each generation. */
record CompatibilityTable(List<Row> rows) {
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern WITH = Pattern.compile("` with ([^:]+)(:.*)?$");

  /**
   * One line.
   *
   * @param functions those that stand in backticks in its first cell
   * @param with what is special about the call; empty for the plain one
   * @param cells what is said of each generation, by its version
   */
  record Row(List<String> functions, String with, Map<String, String> cells) {

    /** Whether this line speaks of the function, by its name or by a star in its stead. */
    boolean covers(String function) {
      return functions.stream()
          .anyMatch(
              named ->
                  named.endsWith(".*")
                      ? function.startsWith(named.substring(0, named.length() - 1))
                      : named.equals(function));
    }
  }

  static CompatibilityTable read() {
    List<String> lines;
    try {
      lines = Files.readAllLines(Installation.root().resolve("docs/COMPATIBILITY.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Row> rows = new ArrayList<>();
    List<String> head = List.of();
    for (String line : lines) {
      List<String> cells = cells(line);
      if (cells.isEmpty()) {
        head = List.of();
      } else if (head.isEmpty()) {
        head = cells;
      } else if (!cells.get(0).startsWith("-")) {
        rows.add(row(head, cells));
      }
    }
    return new CompatibilityTable(List.copyOf(rows));
  }

  private static Row row(List<String> head, List<String> cells) {
    if (cells.size() != head.size()) {
      throw new IllegalArgumentException("not as wide as its table: " + cells);
    }
    List<String> functions =
        QUOTED.matcher(cells.get(0)).results().map(found -> found.group(1)).toList();
    Matcher with = WITH.matcher(cells.get(0));
    Map<String, String> said = new LinkedHashMap<>();
    for (int i = 1; i < head.size(); i++) {
      said.put(head.get(i), cells.get(i));
    }
    return new Row(functions, with.find() ? with.group(1) : "", said);
  }

  /** None for a line that is not of a table. */
  private static List<String> cells(String line) {
    if (!line.startsWith("|")) {
      return List.of();
    }
    return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split(" \\| "))
        .map(String::strip)
        .toList();
  }
}
