package dev.runcast.it.bench.report;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All figures of a run, and what was left out and why. */
public final class Report {
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private final JsonObject machine;

  public Report(JsonObject machine) {
    this.machine = machine;
  }

  public void add(Figure figure) {
    figures.add(figure);
  }

  /** Something that could not be measured here, with what is missing. */
  public void skip(String sentence) {
    skipped.add(sentence);
  }

  /** The table. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append(row("figure", "ours", "beside", "ratio", "aim"));
    for (Figure figure : figures) {
      text.append(row(figure));
      String cost = figure.cost().text();
      if (!cost.isEmpty()) {
        text.append("    ").append(cost).append('\n');
      }
      text.append("    ").append(figure.limit()).append('\n');
    }
    skipped.forEach(sentence -> text.append("skipped: ").append(sentence).append('\n'));
    return text.toString();
  }

  private static String row(Figure figure) {
    Figure.Baseline baseline = figure.baseline();
    Figure.Target target = figure.target();
    return row(
        figure.name() + ", " + figure.unit(),
        number(figure.ours()),
        baseline == null ? "" : baseline.name() + " " + number(baseline.value()),
        baseline == null ? "" : String.format(Locale.ROOT, "%.2f", baseline.ratio()),
        target == null ? "" : target.text() + (target.met() ? ": met" : ": MISSED"));
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-66s %10s  %-24s %6s  %s%n", cells);
  }

  private static String number(double value) {
    String form = Math.abs(value) >= 1000 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }

  /** Writes the file for programs. */
  public void write(Path file) {
    JsonArray all = new JsonArray();
    figures.forEach(figure -> all.add(figure.toJson()));
    JsonObject json =
        new JsonObject()
            .put("machine", machine)
            .put("figures", all)
            .put("skipped", new JsonArray(List.copyOf(skipped)));
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, json.encodePrettily() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
