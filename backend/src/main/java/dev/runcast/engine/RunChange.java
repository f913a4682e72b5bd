package dev.runcast.engine;

import dev.runcast.engine.metadata.MetadataOperation;
import dev.runcast.run.RunStatus;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker tells of a run. Everything that it says of the run itself becomes one row change.
 *
 * @param expectedVersion only if the run is at this version; null whatever it is
 * @param status the status it enters; null when it keeps its own
 * @param output empty when nothing is told of it
 * @param error JSON; empty when nothing is told of it
 * @param tags to add
 */
public record RunChange(
    @Nullable Long expectedVersion,
    @Nullable RunStatus status,
    Optional<Output> output,
    Optional<String> error,
    Metadata metadata,
    List<String> tags) {

  /** A result: its text and content type. */
  public record Output(@Nullable String text, @Nullable String type) {}

  /** Operations on the run's own metadata, its parent's and its root's. */
  public record Metadata(
      List<MetadataOperation> own, List<MetadataOperation> parent, List<MetadataOperation> root) {
    public static final Metadata NONE = new Metadata(List.of(), List.of(), List.of());

    public Metadata {
      own = List.copyOf(own);
      parent = List.copyOf(parent);
      root = List.copyOf(root);
    }

    public boolean isEmpty() {
      return own.isEmpty() && parent.isEmpty() && root.isEmpty();
    }
  }

  public RunChange {
    tags = List.copyOf(tags);
  }

  public static RunChange ofStatus(RunStatus status) {
    return new RunChange(
        null, status, Optional.empty(), Optional.empty(), Metadata.NONE, List.of());
  }

  public static RunChange ofTags(List<String> tags) {
    return new RunChange(null, null, Optional.empty(), Optional.empty(), Metadata.NONE, tags);
  }

  public static RunChange ofMetadata(Metadata metadata) {
    return new RunChange(null, null, Optional.empty(), Optional.empty(), metadata, List.of());
  }

  /** Whether it says nothing at all. */
  public boolean isEmpty() {
    return !needsUnfinished() && tags.isEmpty();
  }

  /** Whether it says something that a finished run can't take any more. */
  boolean needsUnfinished() {
    return status != null || output.isPresent() || error.isPresent() || !metadata.isEmpty();
  }
}
