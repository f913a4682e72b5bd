package dev.runcast.http.queue;

import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.queue.Queue;
import dev.runcast.store.queue.QueueTable;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a request names a queue.
 *
 * @param text an id, or a name as runs hold it
 */
record QueueReference(boolean isId, String text) {
  private static final String TASK_PREFIX = "task/";
  private static final String ID_PREFIX = "queue_";
  private static final int MAX_LENGTH = 512;

  /**
   * @param path what stands in the path; a slash of a name is encoded twice there
   * @param type whether it is an id, a task or the name of a queue of its own; an id when absent
   */
  static QueueReference of(String path, @Nullable String type) {
    String name = path.replace("%2F", "/").replace("%2f", "/");
    if (name.isBlank() || name.length() > MAX_LENGTH || !JsonText.isStorable(name)) {
      throw ApiException.badRequest(
          "queue",
          "A queue must be named by 1 to %d characters, none of them NUL.".formatted(MAX_LENGTH));
    }
    return switch (type == null ? "id" : type) {
      case "id" -> new QueueReference(true, name);
      case "custom" -> new QueueReference(false, name);
      case "task" ->
          new QueueReference(false, name.startsWith(TASK_PREFIX) ? name : TASK_PREFIX + name);
      default -> throw ApiException.badRequest("type", "type must be one of id, task, custom.");
    };
  }

  /**
   * The same for who need not care whether there is such a queue yet: what says no type is an id if
   * it looks like one, else a name.
   */
  static QueueReference ofAnyName(String path, @Nullable String type) {
    return of(path, type != null || path.startsWith(ID_PREFIX) ? type : "custom");
  }

  /** Its name, which need not be that of a queue yet. */
  Future<String> name(QueueTable table, EnvironmentId environment) {
    return isId ? in(table, environment).map(Queue::name) : Future.succeededFuture(text);
  }

  Future<Queue> in(QueueTable table, EnvironmentId environment) {
    Future<Optional<Queue>> found =
        isId ? table.byId(environment, text) : table.byName(environment, text);
    return found.map(queue -> queue.orElseThrow(this::unknown));
  }

  private ApiException unknown() {
    return ApiException.notFound(
        isId
            ? "There is no queue of this id in this environment."
            : "There is no queue "
                + text
                + " in this environment: it comes to be when a run is triggered on it.");
  }
}
