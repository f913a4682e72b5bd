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

  /** What can be asked of a run in short. Statuses go by their stored names. */
  public enum Field {
    STATUS("run.status"),
    TASK("run.task_identifier"),
    VERSION("run.locked_version"),
    BATCH("run.batch_id"),
    QUEUE("run.queue"),
    MACHINE("run.machine"),
    REGION("run.region"),
    /** No run is triggered by a schedule yet. */
    SCHEDULE("null::text");

    private final String expression;

    Field(String expression) {
      this.expression = expression;
    }

    String expression() {
      return expression;
    }
  }

  public RunQuery {
    oneOf = Map.copyOf(oneOf);
    anyTag = Set.copyOf(anyTag);
  }
}
