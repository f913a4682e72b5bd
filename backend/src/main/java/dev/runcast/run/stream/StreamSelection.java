package dev.runcast.run.stream;

import java.util.Set;

/**
 * Which streams of its runs a feed tells: some by their names, or all that runs put out. What is
 * sent in to a run, or was traced of it, is never among them.
 *
 * @param names empty for all
 */
public record StreamSelection(Set<String> names) {
  public static final StreamSelection ALL = new StreamSelection(Set.of());

  public StreamSelection {
    names = Set.copyOf(names);
  }

  /** Whether the chunks of a stream are told. */
  public boolean takes(StreamKey stream) {
    return stream.isOutput() && (names.isEmpty() || names.contains(stream.key()));
  }

  /** Whether a run that names these streams may have chunks to tell. */
  public boolean takesAnyOf(Iterable<String> named) {
    for (String name : named) {
      if (names.isEmpty() || names.contains(name)) {
        return true;
      }
    }
    return false;
  }
}
