package dev.runcast.engine.stream;

import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.stream.StreamTable.WriterId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a writer sends at once: chunks, or that it begins or is done.
 *
 * @param firstIndex the writer's own count of the first chunk
 * @param chunks JSON texts without line breaks
 */
record Piece(StreamWriter writer, Step step, long firstIndex, List<String> chunks) {
  enum Step {
    OPENS,
    GOES_ON,
    CLOSES
  }

  static Piece opening(StreamWriter writer) {
    return new Piece(writer, Step.OPENS, 0, List.of());
  }

  static Piece closing(StreamWriter writer) {
    return new Piece(writer, Step.CLOSES, 0, List.of());
  }

  static Piece of(StreamWriter writer, long firstIndex, List<String> chunks) {
    return new Piece(writer, Step.GOES_ON, firstIndex, chunks);
  }

  StreamKey stream() {
    return writer.stream();
  }

  /** Null for a writer that can't come back, of which nothing is kept. */
  @Nullable WriterId writerId() {
    return writer.id();
  }

  /** About how much memory it takes, in bytes. */
  int weight() {
    int weight = 200;
    for (String chunk : chunks) {
      weight += 56 + 2 * chunk.length();
    }
    return weight;
  }
}
