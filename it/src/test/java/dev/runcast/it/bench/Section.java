package dev.runcast.it.bench;

import dev.runcast.it.bench.report.Report;

/** A part of a benchmark that can be run on its own. */
public interface Section {

  /** Measures, and adds what it found, or why it could not, to the report. */
  void run(Ground ground, Report report);
}
