package dev.runcast.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened, in order. Kept only when asked for: a failing seed is run once more for it. */
final class Trace {
  private final boolean kept;
  private final List<String> lines = new ArrayList<>();

  Trace(boolean kept) {
    this.kept = kept;
  }

  void add(Supplier<String> line) {
    if (kept) {
      lines.add(line.get());
    }
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
