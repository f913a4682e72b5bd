package dev.runcast.simulation;

import dev.runcast.run.Run;
import java.util.Objects;

/** What a client holds of a run. */
record Held(long version, String status, boolean tagged, String payload, String metadata) {

  static Held of(Run run) {
    Rows.Wide wide = Rows.wide(run);
    return new Held(
        run.version(),
        run.status().name(),
        !run.tags().isEmpty(),
        wide.payload().orNull(),
        wide.metadata().orNull());
  }

  /**
   * What a client makes of a row that it is told: columns that are not told stay as they were.
   *
   * @param before null only where the row is told whole
   */
  static Held laidOver(Run run, boolean whole, Held before) {
    Rows.Wide told = Rows.wide(run);
    if (whole && !(told.payload().isKnown() && told.metadata().isKnown())) {
      throw new AssertionError("a whole row lacks a column: " + run);
    }
    Held now = of(run);
    return new Held(
        now.version,
        now.status,
        now.tagged,
        told.payload().isKnown() ? now.payload : Objects.requireNonNull(before).payload,
        told.metadata().isKnown() ? now.metadata : Objects.requireNonNull(before).metadata);
  }

  /** Something else, by the version alone. */
  Held falsified(int by) {
    return new Held(version + by, status, tagged, payload, metadata);
  }

  boolean isOf(Run row) {
    return row.version() == version && equals(of(row));
  }
}
