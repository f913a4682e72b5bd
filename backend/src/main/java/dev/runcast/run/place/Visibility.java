package dev.runcast.run.place;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a Postgres snapshot shows, by transaction id: everything below {@code xmin}, nothing from
 * {@code xmax} on, and between them all but those still in progress.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-info.html">pg_current_snapshot</a>
 */
public record Visibility(long xmin, long xmax, Set<Long> inProgress) {

  public Visibility {
    inProgress = Set.copyOf(inProgress);
  }

  /** Reads the text of a {@code pg_snapshot}: {@code xmin:xmax:xip,xip}. */
  public static Visibility parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("a pg_snapshot has three parts");
    }
    Set<Long> inProgress = new HashSet<>();
    if (!parts[2].isEmpty()) {
      for (String xid : parts[2].split(",", -1)) {
        inProgress.add(Long.parseLong(xid));
      }
    }
    return new Visibility(Long.parseLong(parts[0]), Long.parseLong(parts[1]), inProgress);
  }

  /** The text that {@link #parse} reads and Postgres too. */
  public String text() {
    return xmin
        + ":"
        + xmax
        + ":"
        + inProgress.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** Whether a row written by this transaction was there for the snapshot to see. */
  public boolean shows(long xid) {
    return xid < xmin || (xid < xmax && !inProgress.contains(xid));
  }
}
