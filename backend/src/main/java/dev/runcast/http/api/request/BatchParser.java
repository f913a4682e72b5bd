package dev.runcast.http.api.request;

import dev.runcast.engine.BatchItems.Item;
import dev.runcast.engine.Limits;
import dev.runcast.engine.TriggerOrder;
import dev.runcast.http.ApiException;
import dev.runcast.run.RunId;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.BatchTable.Origin;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies that announce a batch, and the lines that are its items. */
public final class BatchParser {
  private static final int MAX_NAME = 256;
  private static final int MAX_KEY = 2048;

  private final Limits limits;
  private final TriggerParser orders;

  public BatchParser(Limits limits, TriggerParser orders) {
    this.limits = limits;
    this.orders = orders;
  }

  /**
   * What a body announces.
   *
   * @param tasks that the batch will have; null when it is not said
   */
  public record Announcement(int runCount, @Nullable List<String> tasks, Origin origin) {}

  /** The batch that a body announces. */
  public Announcement announcement(JsonFields body) {
    Integer runCount = body.number("runCount", Integer.MIN_VALUE, Integer.MAX_VALUE);
    if (runCount == null || runCount < 1 || runCount > limits.batchItems()) {
      throw ApiException.badRequest(
          "runCount",
          "runCount must be the number of items to come, 1 to %d; make several batches of more."
              .formatted(limits.batchItems()));
    }
    return new Announcement(runCount, tasks(body), origin(body));
  }

  private static @Nullable List<String> tasks(JsonFields body) {
    if (body.value("taskIdentifiers") == null) {
      return null;
    }
    List<String> tasks = body.texts("taskIdentifiers", MAX_NAME);
    if (tasks.isEmpty() || new HashSet<>(tasks).size() < tasks.size()) {
      throw ApiException.badRequest(
          "taskIdentifiers",
          "taskIdentifiers must name each task of the batch once; or leave it out.");
    }
    tasks.forEach(TriggerParser::requireTask);
    return tasks;
  }

  private static Origin origin(JsonFields body) {
    String parent = body.text("parentRunId", MAX_NAME);
    if (parent != null && !RunId.accepts(parent)) {
      throw ApiException.unprocessable("parentRunId", "parentRunId is no id of a run.");
    }
    return new Origin(
        parent == null ? null : new RunId(parent),
        body.flag("resumeParentOnCompletion") ? "batchTriggerAndWait" : "batchTrigger",
        body.text("idempotencyKey", MAX_KEY));
  }

  /** The task that an item is for. */
  public static String task(JsonFields line) {
    String task = line.text("task", MAX_NAME);
    if (task == null) {
      throw ApiException.unprocessable("task", "task must name what is to be triggered.");
    }
    return task;
  }

  /** The place of an item in its batch. */
  public static int index(JsonFields line, Batch batch) {
    Integer index = line.number("index", Integer.MIN_VALUE, Integer.MAX_VALUE);
    if (index == null || index < 0 || index >= batch.runCount()) {
      throw ApiException.unprocessable(
          "index",
          "index must be 0 to %d, for the batch was announced with runCount %d."
              .formatted(batch.runCount() - 1, batch.runCount()));
    }
    return index;
  }

  /** An item of a batch. */
  public Item item(JsonFields line, Batch batch) {
    TriggerOrder order =
        orders.parse(
            task(line), line, new TriggerParser.Beside(batch.environment(), null, null, null));
    return new Item(index(line, batch), order);
  }
}
