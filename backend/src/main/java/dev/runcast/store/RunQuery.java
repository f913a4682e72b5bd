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
 * @param idPrefixes of which its id must begin with one; empty for any id
 * @param anyTag tags of which a run must carry at least one; empty for any run
 * @param isTest null for both
 * @param from created at or after this; null for no bound
 * @param to created at or before this; null for no bound
 */
public record RunQuery(
    EnvironmentId environment,
    Map<Field, Set<String>> oneOf,
    Set<String> idPrefixes,
    Set<String> anyTag,
    @Nullable Boolean isTest,
    @Nullable Instant from,
    @Nullable Instant to,
    Page page) {

  /** What can be asked of a run in short. Statuses go by their stored names. */
  public enum Field {
    STATUS("run.status = any(%s)"),
    TASK("run.task_identifier = any(%s)"),
    VERSION("run.locked_version = any(%s)"),
    BATCH("run.batch_id = any(%s)"),
    QUEUE("run.queue = any(%s)"),
    MACHINE("run.machine = any(%s)"),
    REGION("run.region = any(%s)"),
    /** By the id of the schedule that made it. */
    SCHEDULE(
        """
        run.id in (select s.run_id from scheduled_run s
          where s.environment_id = run.environment_id and s.schedule_id = any(%s))""");

    private final String condition;

    Field(String condition) {
      this.condition = condition;
    }

    /** In SQL, with {@code %s} where the array of values goes. */
    String condition() {
      return condition;
    }
  }

  public RunQuery {
    oneOf = Map.copyOf(oneOf);
    idPrefixes = Set.copyOf(idPrefixes);
    anyTag = Set.copyOf(anyTag);
  }
}
