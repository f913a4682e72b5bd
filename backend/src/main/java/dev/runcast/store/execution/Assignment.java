package dev.runcast.store.execution;

import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that whoever executes a run must know of it.
 *
 * @param version of the build that executes it
 */
public record Assignment(
    RunId run,
    RunStatus status,
    String version,
    Task task,
    Timing timing,
    Input input,
    Links links,
    Home home) {

  /** Where the code is. */
  public record Task(String id, @Nullable String filePath, @Nullable String exportName) {}

  /**
   * When it was made and began, and what bounds it.
   *
   * @param priority in seconds
   */
  public record Timing(
      Instant createdAt,
      @Nullable Instant startedAt,
      int attempt,
      @Nullable Integer maxAttempts,
      @Nullable Integer maxDurationSeconds,
      int priority) {}

  /**
   * What it works on.
   *
   * @param metadata a JSON object; null for none
   * @param options the trigger's, as JSON; null for none
   */
  public record Input(
      @Nullable String payload,
      @Nullable String payloadType,
      List<String> tags,
      @Nullable String metadata,
      @Nullable String options,
      boolean isTest) {
    public Input {
      tags = List.copyOf(tags);
    }
  }

  /** What it belongs to. */
  public record Links(
      @Nullable String parent,
      @Nullable String root,
      @Nullable String batch,
      String queue,
      String queueId) {}

  /** Where it lives, and on what. */
  public record Home(
      String environment,
      String slug,
      String project,
      String reference,
      String projectName,
      @Nullable String machine) {}
}
