package dev.runcast.store;

import dev.runcast.run.EnvironmentId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs of an environment a list is to hold.
 *
 * @param oneOf for a field, the values of which a run must have one; no entry for any value
 * @param anyTag tags of which a run must carry at least one; empty for any run
 * @param isTest null for both
 * @param from created at or after this; null for no bound
 * @param to created at or before this; null for no bound
 */
public record RunQuery(
    EnvironmentId environment,
    Map<Field, Set<String>> oneOf,
    Set<String> anyTag,
    @Nullable Boolean isTest,
    @Nullable Instant from,
    @Nullable Instant to,
    Page page) {

  /** What can be asked of a run's short columns. Statuses go by their stored names. */
  public enum Field {
    STATUS("status"),
    TASK("task_identifier"),
    VERSION("locked_version"),
    BATCH("batch_id"),
    QUEUE("queue"),
    MACHINE("machine"),
    REGION("region");

    private final String column;

    Field(String column) {
      this.column = column;
    }

    String column() {
      return column;
    }
  }

  public RunQuery {
    oneOf = Map.copyOf(oneOf);
    anyTag = Set.copyOf(anyTag);
  }
}
