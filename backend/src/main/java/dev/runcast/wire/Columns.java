package dev.runcast.wire;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which columns of a run a subscriber is sent: all but the skipped ones, by their names in the
 * frame.
 */
public record Columns(Set<String> skipped) {
  /** Never skipped: without them a client could not tell what it was sent. */
  public static final Set<String> RESERVED =
      Set.of("id", "taskIdentifier", "status", "createdAt", "updatedAt");

  public static final Columns ALL = new Columns(Set.of());

  public Columns {
    skipped =
        skipped.stream()
            .filter(name -> !RESERVED.contains(name))
            .collect(Collectors.toUnmodifiableSet());
  }

  public boolean shows(String name) {
    return !skipped.contains(name);
  }
}
