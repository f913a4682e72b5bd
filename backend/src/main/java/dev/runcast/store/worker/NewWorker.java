package dev.runcast.store.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A build of tasks, as its command line tool tells of it.
 *
 * @param contentHash equal for builds that are the same
 */
public record NewWorker(
    String contentHash, Tools tools, List<Task> tasks, List<DeclaredQueue> queues) {

  /** What it was built with. */
  public record Tools(@Nullable String sdk, @Nullable String cli, @Nullable String runtime) {}

  /**
   * A task.
   *
   * @param queue where its runs go whose triggers name none
   * @param source what triggers it, if not only code: {@code schedule}
   * @param schema JSON Schema of its payload, as JSON
   */
  public record Task(
      String id,
      Place place,
      String queue,
      @Nullable String source,
      Bounds bounds,
      @Nullable Schedule schedule,
      @Nullable String schema) {}

  /** Where its code is, and what it is said to do. */
  public record Place(String filePath, @Nullable String exportName, @Nullable String description) {}

  /**
   * What bounds its execution, unless a trigger says otherwise.
   *
   * @param retry how its attempts are repeated, as JSON
   */
  public record Bounds(
      @Nullable String machine,
      @Nullable Integer maxAttempts,
      @Nullable Integer maxDurationSeconds,
      @Nullable String ttl,
      @Nullable String retry) {}

  /**
   * When it is to be triggered again and again.
   *
   * @param environments where; null for everywhere
   * @param window how much later it may begin; null for not at all
   */
  public record Schedule(
      String cron,
      @Nullable String timezone,
      @Nullable List<String> environments,
      @Nullable String window) {}

  /**
   * A queue that the code declares.
   *
   * @param limit how many of its runs may run at once; null for any number
   */
  public record DeclaredQueue(String name, @Nullable Integer limit) {}

  public NewWorker {
    tasks = List.copyOf(tasks);
    queues = List.copyOf(queues);
  }
}
