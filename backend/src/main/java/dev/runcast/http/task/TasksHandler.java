package dev.runcast.http.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.Answer;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.answer.Answers;
import dev.runcast.http.api.answer.NumberedPage;
import dev.runcast.http.auth.Authorizer;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.json.JsonText;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.worker.KnownTask;
import dev.runcast.store.worker.TaskReads;
import dev.runcast.store.worker.TaskReads.Hour;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists and tells tasks: {@code GET /api/v1/tasks} and {@code GET /api/v1/tasks/:task}. */
public final class TasksHandler {
  /** How far back it is told what runs have come to, with the hour that is not over. */
  private static final Duration LOOK_BACK = Duration.ofHours(23);

  private static final int MAX_TASK = 256;

  private final TaskReads reads;
  private final InstantSource clock;

  public TasksHandler(TaskReads reads, InstantSource clock) {
    this.reads = reads;
    this.clock = clock;
  }

  /** Adds its routes. */
  public void mount(Router router, BearerAuth auth) {
    router.get("/api/v1/tasks").handler(auth).handler(this::list);
    router.get("/api/v1/tasks/:task").handler(auth).handler(this::retrieve);
  }

  private void list(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    NumberedPage page = NumberedPage.of(context.queryParams());
    Instant since = since();
    reads
        .page(environment, page.size(), page.offset())
        .compose(
            found ->
                activity(environment, found.tasks(), since)
                    .map(
                        hours -> {
                          ArrayNode data = JsonNodeFactory.instance.arrayNode();
                          found
                              .tasks()
                              .forEach(
                                  task -> data.add(TaskView.json(task, since, of(task, hours))));
                          return answer(page.answer(data, found.total()));
                        }))
        .onSuccess(answer -> Answers.send(context, answer))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private void retrieve(RoutingContext context) {
    EnvironmentId environment = Authorizer.keyOnly(context);
    String id = context.pathParam("task");
    if (id.length() > MAX_TASK || !JsonText.isStorable(id)) {
      throw unknown();
    }
    Instant since = since();
    reads
        .find(environment, id)
        .map(found -> found.orElseThrow(TasksHandler::unknown))
        .compose(task -> whole(environment, task, since))
        .onSuccess(json -> Answers.send(context, answer(json)))
        .onFailure(failure -> Answers.fail(context, failure));
  }

  private Future<ObjectNode> whole(EnvironmentId environment, KnownTask task, Instant since) {
    return activity(environment, List.of(task), since)
        .compose(
            hours ->
                reads
                    .builds(environment, task.id())
                    .map(
                        builds -> {
                          ObjectNode json = TaskView.json(task, since, of(task, hours));
                          TaskView.builds(json, builds);
                          return json;
                        }));
  }

  private Instant since() {
    return clock.instant().truncatedTo(ChronoUnit.HOURS).minus(LOOK_BACK);
  }

  private Future<Map<String, List<Hour>>> activity(
      EnvironmentId environment, List<KnownTask> tasks, Instant since) {
    return reads
        .activity(environment, tasks.stream().map(KnownTask::id).toList(), since)
        .map(hours -> hours.stream().collect(Collectors.groupingBy(Hour::task)));
  }

  private static List<Hour> of(KnownTask task, Map<String, List<Hour>> hours) {
    return hours.getOrDefault(task.id(), List.of());
  }

  private static ApiException unknown() {
    return ApiException.notFound(
        "No build of this environment has such a task, and no run was triggered of it.");
  }

  private static Answer answer(ObjectNode json) {
    return new Answer(200, JsonText.print(json), null);
  }
}
