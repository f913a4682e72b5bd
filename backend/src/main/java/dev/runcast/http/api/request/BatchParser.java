package dev.runcast.http.api.request;

import dev.runcast.engine.Limits;
import dev.runcast.engine.batch.BatchItems.Item;
import dev.runcast.http.ApiException;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.store.table.BatchTable.Batch;
import dev.runcast.store.table.BatchTable.Origin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies that announce a batch, and the lines that are its items. */
public final class BatchParser {
  private static final int MAX_NAME = 256;
  private static final int MAX_KEY = 2048;

  private final Limits limits;
  private final TriggerParser orders;
  private final InstantSource clock;

  public BatchParser(Limits limits, TriggerParser orders, InstantSource clock) {
    this.limits = limits;
    this.orders = orders;
    this.clock = clock;
  }

  /**
   * What a body announces.
   *
   * @param tasks that the batch will have; null when it is not said
   */
  public record Announcement(int runCount, @Nullable List<String> tasks, Origin origin) {}

  /**
   * What stands beside the body of a batch that comes in one go.
   *
   * @param key of the header {@code idempotency-key}
   * @param keyLife of the header {@code idempotency-key-ttl}
   */
  public record Beside(EnvironmentId environment, @Nullable String key, @Nullable String keyLife) {}

  /** A batch with all of its items. */
  public record Whole(Origin origin, List<Item> items) {}

  /** The batch that a body has all the items of. */
  public Whole whole(JsonFields body, Beside beside) {
    List<JsonFields> each = body.objects("items");
    if (each.isEmpty() || each.size() > limits.batchItems()) {
      throw ApiException.badRequest(
          "items",
          "items must be an array of 1 to %d items; make several batches of more."
              .formatted(limits.batchItems()));
    }
    TriggerParser.Beside none = new TriggerParser.Beside(beside.environment(), null, null, null);
    List<Item> items = new ArrayList<>(each.size());
    for (JsonFields item : each) {
      items.add(item(items.size(), item, none));
    }
    String key = TriggerParser.checkedHeader(beside.key());
    return new Whole(origin(body, key, beside.keyLife()), items);
  }

  /** The batch that a body announces. */
  public Announcement announcement(JsonFields body) {
    Integer runCount = body.number("runCount", Integer.MIN_VALUE, Integer.MAX_VALUE);
    if (runCount == null || runCount < 1 || runCount > limits.batchItems()) {
      throw ApiException.badRequest(
          "runCount",
          "runCount must be the number of items to come, 1 to %d; make several batches of more."
              .formatted(limits.batchItems()));
    }
    return new Announcement(
        runCount, tasks(body), origin(body, body.text("idempotencyKey", MAX_KEY), null));
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

  private Origin origin(JsonFields body, @Nullable String key, @Nullable String life) {
    String parent = body.text("parentRunId", MAX_NAME);
    if (parent != null && !RunId.accepts(parent)) {
      throw ApiException.unprocessable("parentRunId", "parentRunId is no id of a run.");
    }
    return new Origin(
        parent == null ? null : new RunId(parent),
        body.flag("resumeParentOnCompletion") ? "batchTriggerAndWait" : "batchTrigger",
        key,
        key == null ? null : clock.instant().plus(keyLife(life)));
  }

  private static Duration keyLife(@Nullable String life) {
    return life == null ? TriggerParser.KEY_LIFE : TimesParser.span("idempotency-key-ttl", life);
  }

  /** The task that an item is for. */
  public static String task(JsonFields line) {
    String task = line.text("task", MAX_NAME);
    if (task == null) {
      throw ApiException.unprocessable(
          line.name("task"), line.name("task") + " must name what is to be triggered.");
    }
    TriggerParser.requireTask(task);
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

  /** An item of a batch; for a run that has failed, where it asks for one that can't be. */
  public Item item(JsonFields line, Batch batch) {
    TriggerParser.Beside beside = new TriggerParser.Beside(batch.environment(), null, null, null);
    return item(index(line, batch), line, beside);
  }

  private Item item(int index, JsonFields fields, TriggerParser.Beside beside) {
    String task = task(fields);
    try {
      return new Item(index, orders.parse(task, fields, beside));
    } catch (ApiException wrong) {
      return new Item(index, orders.remains(task, fields, beside)).failed(wrong.sentence());
    }
  }
}
