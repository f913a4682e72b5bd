package dev.runcast.store.table;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run to insert. Root and depth follow from the parent, the times of creation and queueing are
 * the database's.
 *
 * @param status DELAYED, PENDING or one that waits for a version; SYSTEM_FAILURE of one that can't
 *     be executed, and has failed as soon as it is there
 */
public record NewRun(
    EnvironmentId environment,
    RunId id,
    RunStatus status,
    String task,
    List<String> tags,
    Origin origin,
    Traits traits,
    Contents contents) {

  /** What it was triggered by. */
  public record Origin(
      @Nullable RunId parent,
      @Nullable BatchId batch,
      @Nullable Integer batchIndex,
      String triggerFunction) {}

  /**
   * How and when it is to be executed.
   *
   * @param queue null for that of its task
   * @param ttl as it was written
   */
  public record Traits(
      @Nullable String queue,
      @Nullable String concurrencyKey,
      @Nullable String machine,
      @Nullable String region,
      @Nullable String lockedVersion,
      @Nullable Instant delayUntil,
      @Nullable String ttl,
      Bounds bounds) {
    /** Nothing that a trigger said. */
    public static final Traits NONE =
        new Traits(null, null, null, null, null, null, null, new Bounds(0, null, null, false));

    private Traits renewedBy(Traits newest) {
      return new Traits(
          queue,
          concurrencyKey,
          newest.machine == null ? machine : newest.machine,
          region,
          lockedVersion,
          delayUntil,
          ttl,
          bounds.renewedBy(newest.bounds));
    }
  }

  /** Numbers that bound or rank its execution. */
  public record Bounds(
      int priority,
      @Nullable Integer maxAttempts,
      @Nullable Integer maxDurationSeconds,
      boolean isTest) {
    private Bounds renewedBy(Bounds newest) {
      return new Bounds(
          priority,
          newest.maxAttempts == null ? maxAttempts : newest.maxAttempts,
          newest.maxDurationSeconds == null ? maxDurationSeconds : newest.maxDurationSeconds,
          isTest);
    }
  }

  /**
   * The texts it carries. Options are the trigger's options as JSON.
   *
   * @param error JSON, of one that has failed; null otherwise
   */
  public record Contents(
      @Nullable String payload,
      @Nullable String payloadType,
      @Nullable String metadata,
      @Nullable String metadataType,
      @Nullable String idempotencyKey,
      @Nullable String options,
      @Nullable String error) {
    private Contents failed(String with) {
      return new Contents(
          payload, payloadType, metadata, metadataType, idempotencyKey, options, with);
    }

    private Contents payloadAlone() {
      return new Contents(payload, payloadType, null, null, null, null, error);
    }

    private Contents renewedBy(Contents newest) {
      boolean untold = newest.metadata == null;
      return new Contents(
          newest.payload,
          newest.payloadType,
          untold ? metadata : newest.metadata,
          untold ? metadataType : newest.metadataType,
          idempotencyKey,
          options,
          error);
    }
  }

  public NewRun {
    tags = List.copyOf(tags);
  }

  /** Whether it has failed before anybody could execute it. */
  public boolean hasFailed() {
    return contents.error() != null;
  }

  /** The same run as one that has failed with this error, which is JSON. */
  public NewRun failed(String error) {
    return new NewRun(
        environment,
        id,
        RunStatus.SYSTEM_FAILURE,
        task,
        tags,
        origin,
        traits,
        contents.failed(error));
  }

  /** The same run with no more than its payload. */
  public NewRun bare() {
    return new NewRun(
        environment, id, status, task, List.of(), origin, Traits.NONE, contents.payloadAlone());
  }

  /** The same run, delayed until another time. */
  public NewRun delayedUntil(Instant time) {
    Traits later =
        new Traits(
            traits.queue,
            traits.concurrencyKey,
            traits.machine,
            traits.region,
            traits.lockedVersion,
            time,
            traits.ttl,
            traits.bounds);
    return new NewRun(environment, id, status, task, tags, origin, later, contents);
  }

  /**
   * The same run with the payload of another, and its metadata, machine and bounds of attempts and
   * duration as far as it names them.
   *
   * @param all its tags
   */
  public NewRun renewedBy(NewRun newest, List<String> all) {
    return new NewRun(
        environment,
        id,
        status,
        task,
        all,
        origin,
        traits.renewedBy(newest.traits),
        contents.renewedBy(newest.contents));
  }

  /** The same run, triggered by something else. */
  public NewRun withOrigin(Origin other) {
    return new NewRun(environment, id, status, task, tags, other, traits, contents);
  }
}
