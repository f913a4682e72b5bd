package dev.runcast.it.browser;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.HandWorker;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.PostgresServer;
import dev.runcast.it.harness.TestDatabase;
import java.util.List;
import java.util.Map;

/**
 * A node of somebody who executes tasks, as it might look on some afternoon: a build with a day of
 * runs behind it, queues under way, schedules, and a run that waits for a word.
 */
final class EngineScene implements AutoCloseable {
  private final PostgresServer server = PostgresServer.start();
  private final TestDatabase database = server.database();
  private final Node node = Node.start(NodeSpec.serve(database));
  private final Api api = node.api();
  private final HandWorker worker = new HandWorker(api);

  Node node() {
    return node;
  }

  /**
   * Sets it all up.
   *
   * @return the run that waits for a word
   */
  String set() {
    worker.register("before", List.of(HandWorker.task("import-legacy"), resizeImage()));
    worker.register(
        "now",
        List.of(
            resizeImage(),
            publishPost(),
            callCustomer(),
            scheduled("weekly-report", "0 9 * * 1"),
            scheduled("sync-orders", "*/15 * * * *")));
    history("resize-image", 420, 12);
    history("call-customer", 130, 5);
    history("sync-orders", 96, 40);
    history("publish-post", 22, 4);
    history("import-legacy", 9, 2);
    history("send-newsletter", 60, 9);
    schedules();
    String waits = waiting();
    queues();
    tokens();
    return waits;
  }

  private static Map<String, Object> resizeImage() {
    Map<String, Object> task = HandWorker.task("resize-image");
    task.put("description", "Makes the three sizes of a picture that the shop shows");
    task.put("queue", Map.of("name", "images", "concurrencyLimit", 6));
    task.put(
        "retry",
        Map.of("maxAttempts", 4, "minTimeoutInMs", 1000, "maxTimeoutInMs", 30000, "factor", 2));
    task.put("machine", Map.of("preset", "small-2x"));
    task.put("maxDuration", 120);
    task.put("payloadSchema", PICTURE);
    return task;
  }

  private static final Map<String, Object> PICTURE =
      Map.of(
          "type", "object",
          "required", List.of("picture", "sizes"),
          "properties",
              Map.of(
                  "picture", Map.of("type", "string", "format", "uri"),
                  "sizes",
                      Map.of("type", "array", "items", Map.of("type", "integer", "minimum", 16))));

  private static Map<String, Object> publishPost() {
    Map<String, Object> task = HandWorker.task("publish-post");
    task.put("description", "Publishes a post once an editor has said yes");
    task.put("retry", Map.of("maxAttempts", 3));
    return task;
  }

  private static Map<String, Object> callCustomer() {
    Map<String, Object> task = HandWorker.task("call-customer");
    task.put("queue", Map.of("name", "calls", "concurrencyLimit", 2));
    return task;
  }

  private static Map<String, Object> scheduled(String id, String cron) {
    Map<String, Object> task = HandWorker.task(id);
    task.put("triggerSource", "schedule");
    task.put("schedule", Map.of("cron", cron, "timezone", "Europe/Paris"));
    return task;
  }

  /** Runs of the last day, one in so many of which has failed; more by day than by night. */
  private void history(String task, int runs, int failing) {
    database.execute(
        """
        insert into run (environment_id, id, task_identifier, status, created_at, started_at,
          completed_at)
        select ?, ? || '_' || n, ?,
          case when n %% ? = 0 then 'COMPLETED_WITH_ERRORS' else 'COMPLETED_SUCCESSFULLY' end,
          at, at + interval '1 s', at + interval '9 s'
        from (select n, now() - interval '5 min'
          - interval '23 h' * power(n / ?::float8, 1.6) as at from generate_series(1, ?) n) made"""
            .replace("%%", "%"),
        api.environment(),
        "run_" + task.replace('-', '_'),
        task,
        failing,
        (double) runs,
        runs);
  }

  private void schedules() {
    create("send-newsletter", "0 8 * * 2,4", "America/New_York", "30m");
    String idle = create("clean-up", "@daily", "UTC", "20%");
    api.post("/api/v1/schedules/" + idle + "/deactivate", Map.of()).expect(200);
    for (JsonNode schedule : api.get("/api/v1/schedules").json().get("data")) {
      database.execute(
          "update schedule set last_at = now() - interval '11 min' where id = ? and active",
          schedule.get("id").asText());
    }
  }

  private String create(String task, String cron, String zone, String window) {
    Map<String, String> plan =
        Map.of(
            "task", task,
            "cron", cron,
            "timezone", zone,
            "window", window,
            "deduplicationKey", task);
    return api.post("/api/v1/schedules", plan).expect(200).json().get("id").asText();
  }

  /** A run that has failed once, and now waits for an editor. */
  private String waiting() {
    String run =
        api.trigger(
            "publish-post",
            Map.of("post", "spring-catalogue", "author", "Ada"),
            Map.of("tags", List.of("post:spring-catalogue")));
    worker.begin(run);
    worker.fail(run, "The preview could not be rendered: 502 from the renderer", 100);
    worker.beginAgain(run);
    worker.waitForToken(run, token(Map.of("timeout", "2d", "tags", List.of("review"))));
    return run;
  }

  private void queues() {
    for (int i = 0; i < 23; i++) {
      api.trigger("resize-image", Map.of("sizes", List.of(64, 640)), Map.of());
    }
    for (int i = 0; i < 9; i++) {
      String key = "customer-" + (i % 3 + 1);
      api.trigger("call-customer", Map.of(), Map.of("concurrencyKey", key));
    }
    for (int i = 0; i < 4; i++) {
      worker.beginAll();
    }
    for (int i = 0; i < 7; i++) {
      api.trigger("send-newsletter", Map.of("to", "reader-" + i), Map.of());
    }
    String newsletter = "/api/v1/queues/send-newsletter/pause";
    api.post(newsletter, Map.of("type", "task", "action", "pause")).expect(200);
    api.get("/api/v1/queues").expect(200);
    Map<String, Object> more = Map.of("type", "custom", "concurrencyLimit", 4);
    api.post("/api/v1/queues/calls/concurrency/override", more).expect(200);
  }

  private void tokens() {
    token(Map.of("timeout", "45m", "tags", List.of("refund", "order:1042")));
    String done = token(Map.of("tags", List.of("review")));
    api.post(
            "/api/v1/waitpoints/tokens/" + done + "/complete",
            Map.of("data", Map.of("approved", true, "by", "grace")))
        .expect(200);
    String late = token(Map.of("timeout", "1d", "tags", List.of("refund", "order:987")));
    database.execute(
        """
        update waitpoint set status = 'TIMED_OUT', completed_at = now() - interval '3 h',
          timeout_at = now() - interval '3 h', created_at = now() - interval '27 h'
        where id = ?""",
        late);
  }

  private String token(Map<String, ?> asked) {
    return api.post("/api/v1/waitpoints/tokens", asked).expect(200).json().get("id").asText();
  }

  @Override
  public void close() {
    node.close();
    server.close();
  }
}
