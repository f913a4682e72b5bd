package dev.runcast.http.dev.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.http.api.request.TriggerParser;
import dev.runcast.json.JsonText;
import dev.runcast.store.worker.NewWorker;
import dev.runcast.store.worker.NewWorker.DeclaredQueue;
import dev.runcast.store.worker.NewWorker.Schedule;
import dev.runcast.store.worker.NewWorker.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command line tool tells of the build that it registers. Pure. */
final class ManifestParser {
  private static final int MAX_NAME = 256;
  private static final int MAX_TEXT = 4_096;
  private static final int MAX_TASKS = 10_000;

  private ManifestParser() {}

  static NewWorker parse(JsonFields body) {
    JsonFields metadata = body.fields("metadata");
    List<JsonFields> given = metadata.objects("tasks");
    if (given.size() > MAX_TASKS) {
      throw ApiException.unprocessable(
          "metadata.tasks",
          "metadata.tasks has %d tasks, over the limit of %d.".formatted(given.size(), MAX_TASKS));
    }
    List<DeclaredQueue> queues = new ArrayList<>();
    metadata.objects("queues").forEach(queue -> queues.add(queue(queue)));
    List<Task> tasks = new ArrayList<>();
    for (JsonFields task : given) {
      tasks.add(task(task, queues));
    }
    return new NewWorker(
        required(metadata, "contentHash"),
        new NewWorker.Tools(
            metadata.text("packageVersion", MAX_NAME),
            metadata.text("cliPackageVersion", MAX_NAME),
            metadata.text("runtime", MAX_NAME)),
        tasks,
        queues);
  }

  private static DeclaredQueue queue(JsonFields given) {
    return new DeclaredQueue(
        required(given, "name"), given.number("concurrencyLimit", 0, Integer.MAX_VALUE));
  }

  /**
   * A queue that a task declares without a name is the task's own.
   *
   * @param queues to which that is added which it declares
   */
  private static Task task(JsonFields given, List<DeclaredQueue> queues) {
    String id = required(given, "id");
    TriggerParser.requireTask(id);
    JsonFields queue = given.fields("queue");
    String declared = queue.text("name", MAX_NAME);
    String name = declared == null ? "task/" + id : declared;
    Integer limit = queue.number("concurrencyLimit", 0, Integer.MAX_VALUE);
    if (limit != null) {
      queues.add(new DeclaredQueue(name, limit));
    }
    JsonNode schema = given.value("payloadSchema");
    return new Task(
        id,
        new NewWorker.Place(
            required(given, "filePath"),
            given.text("exportName", MAX_TEXT),
            given.text("description", MAX_TEXT)),
        name,
        given.text("triggerSource", MAX_NAME),
        bounds(given),
        schedule(given),
        schema == null ? null : JsonText.print(schema));
  }

  private static NewWorker.Bounds bounds(JsonFields given) {
    JsonFields retry = given.fields("retry");
    JsonNode ttl = given.value("ttl");
    return new NewWorker.Bounds(
        given.fields("machine").text("preset", MAX_NAME),
        retry.number("maxAttempts", 1, Integer.MAX_VALUE),
        given.number("maxDuration", 0, Integer.MAX_VALUE),
        ttl != null && ttl.isNumber() ? ttl.asText() + "s" : given.text("ttl", MAX_NAME),
        given.value("retry") == null ? null : JsonText.print(retry.object()));
  }

  private static @Nullable Schedule schedule(JsonFields given) {
    if (given.value("schedule") == null) {
      return null;
    }
    JsonFields schedule = given.fields("schedule");
    return new Schedule(
        required(schedule, "cron"),
        schedule.text("timezone", MAX_NAME),
        schedule.value("environments") == null ? null : schedule.texts("environments", MAX_NAME),
        schedule.textOrNumber("window", MAX_NAME));
  }

  private static String required(JsonFields fields, String field) {
    String text = fields.text(field, MAX_TEXT);
    if (text == null) {
      throw ApiException.badRequest(
          fields.name(field), fields.name(field) + " is missing; it must be a string.");
    }
    return text;
  }
}
