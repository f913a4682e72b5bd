package dev.runcast.http;

import static dev.runcast.http.Openers.READ;
import static dev.runcast.http.Openers.READ_BATCH;
import static dev.runcast.http.Openers.READ_CHILDREN;
import static dev.runcast.http.Openers.READ_RUN;
import static dev.runcast.http.Openers.READ_RUNS;
import static dev.runcast.http.Openers.READ_TAGS;
import static dev.runcast.http.Openers.READ_TRACE;
import static dev.runcast.http.Openers.TRIGGER;
import static dev.runcast.http.Openers.TRIGGER_BATCH;
import static dev.runcast.http.Openers.TRIGGER_BATCH_OF_TWO;
import static dev.runcast.http.Openers.WRITE;
import static dev.runcast.http.Openers.WRITE_RUN;
import static dev.runcast.http.Openers.WRITE_TRACES;
import static dev.runcast.http.Openers.join;
import static dev.runcast.http.Sample.feed;
import static dev.runcast.http.Sample.keyOnly;
import static dev.runcast.http.Sample.open;
import static dev.runcast.http.Sample.sample;

import dev.runcast.http.Sample.Kind;
import dev.runcast.http.Sample.Trait;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Every route of the API with a call that it answers, and who may make it. The tests that try all
 * routes hold it against the router: a route that is not here fails them.
 */
final class RouteTable {
  private static final String PLAN = "{\"task\":\"task_a\",\"cron\":\"@daily\"}";

  private static final String WRITTEN =
      "/realtime/v1/streams/(?<runId>[^/]+)/(?<target>self|parent|root)/(?<key>[^/]+)";

  private static final String ITEMS = "{\"items\":[{\"task\":\"task_a\"}]}";

  static final List<Sample> SAMPLES =
      List.of(
          keyOnly("POST /api/v1/auth/jwt/claims", "/api/v1/auth/jwt/claims"),
          keyOnly("POST /api/v1/auth/public-tokens", "/api/v1/auth/public-tokens")
              .with("{\"scopes\":[\"read:runs\"]}"),
          keyOnly("POST /api/v1/auth/jwt", "/api/v1/auth/jwt").maybeWith("{}"),
          keyOnly("POST /api/v1/auth/revoke", "/api/v1/auth/revoke")
              .with("{\"jti\":\"of no token\"}"),
          sample("POST /api/v1/tasks/:task/trigger", "/api/v1/tasks/task_a/trigger", TRIGGER)
              .maybeWith("{\"payload\":1}")
              .making("run")
              .that(Trait.NEW_NAME),
          // Before run_a is canceled: what has finished takes no more.
          keyOnly("PUT " + WRITTEN, "/realtime/v1/streams/run_a/self/s"),
          keyOnly("POST " + WRITTEN, "/realtime/v1/streams/run_a/self/s"),
          keyOnly("HEAD " + WRITTEN, "/realtime/v1/streams/run_a/self/s"),
          keyOnly("POST " + WRITTEN + "/append", "/realtime/v1/streams/run_a/self/s/append"),
          sample(
                  "POST /realtime/v1/streams/:runId/input/:streamId",
                  "/realtime/v1/streams/run_a/input/s",
                  join(WRITE, "write:inputStreams", "write:inputStreams:run_a"))
              .with("{\"data\":\"hidden\"}"),
          sample("GET /api/v3/runs/:runId", "/api/v3/runs/run_a", READ_RUN),
          sample(
              "GET /api/v1/runs",
              "/api/v1/runs",
              join(READ, "*:runs", "*:tasks", "read:runs", "read:tasks")),
          sample(
              "GET /api/v1/runs",
              "/api/v1/runs?filter%5BtaskIdentifier%5D=task_a",
              join(READ, "*:runs", "*:tasks", "read:runs", "read:tasks", "read:tasks:task_a")),
          sample("PATCH /api/v1/runs/:runId", "/api/v1/runs/run_a", WRITE_RUN)
              .with("{\"tags\":[\"more\"]}"),
          sample("POST /api/v2/runs/:runId/cancel", "/api/v2/runs/run_a/cancel", WRITE_RUN),
          sample("POST /api/v1/runs/:runId/replay", "/api/v1/runs/run_a/replay", WRITE_RUN)
              .maybeWith("{}")
              .making("run"),
          keyOnly("POST /api/v1/runs/:runId/reschedule", "/api/v1/runs/run_delayed/reschedule")
              .with("{\"delay\":\"2h\"}"),
          keyOnly("POST /api/v1/runs/:runId/tags", "/api/v1/runs/run_a/tags")
              .with("{\"tags\":[\"more\"]}"),
          keyOnly("GET /api/v1/runs/:runId/metadata", "/api/v1/runs/run_a/metadata"),
          keyOnly("PUT /api/v1/runs/:runId/metadata", "/api/v1/runs/run_a/metadata")
              .with("{\"metadata\":{\"n\":1}}"),
          keyOnly("GET /api/v1/runs/:runId/result", "/api/v1/runs/run_done/result"),
          sample(
                  "POST /api/v1/idempotencyKeys/:key/reset",
                  "/api/v1/idempotencyKeys/key_a/reset",
                  join(WRITE, "*:runs", "write:runs"))
              .with("{\"taskIdentifier\":\"task_a\"}"),
          sample("POST /api/v3/batches", "/api/v3/batches", TRIGGER_BATCH)
              .with("{\"runCount\":1,\"taskIdentifiers\":[\"task_a\"]}")
              .making("batch"),
          sample("POST /api/v3/batches", "/api/v3/batches", TRIGGER_BATCH_OF_TWO)
              .with("{\"runCount\":1,\"taskIdentifiers\":[\"task_a\",\"task_b\"]}")
              .making("batch"),
          sample(
                  "POST /api/v3/batches",
                  "/api/v3/batches",
                  "admin",
                  "*:all",
                  "batchTrigger:all",
                  "*:tasks",
                  "batchTrigger:tasks")
              .with("{\"runCount\":1}")
              .making("batch"),
          sample(
                  "POST /api/v3/batches/:batchId/items",
                  "/api/v3/batches/batch_a/items",
                  join(TRIGGER_BATCH, "write:all", "write:batch", "write:batch:batch_a"))
              .with("{\"index\":1,\"task\":\"task_a\"}\n")
              .typed("application/x-ndjson")
              .takes(Kind.LINES),
          sample("GET /api/v2/batches/:batchId", "/api/v2/batches/batch_a", READ_BATCH),
          sample("GET /api/v1/batches/:batchId", "/api/v1/batches/batch_a", READ_BATCH),
          keyOnly("GET /api/v1/batches/:batchId/results", "/api/v1/batches/batch_a/results"),
          sample("POST /api/v2/tasks/batch", "/api/v2/tasks/batch", TRIGGER_BATCH)
              .with(ITEMS)
              .making("batch"),
          sample("POST /api/v1/tasks/batch", "/api/v1/tasks/batch", TRIGGER_BATCH)
              .with(ITEMS)
              .making("batch"),
          sample("POST /api/v1/tasks/batch", "/api/v1/tasks/batch", TRIGGER_BATCH_OF_TWO)
              .with("{\"items\":[{\"task\":\"task_a\"},{\"task\":\"task_b\"}]}")
              .making("batch"),
          keyOnly("PUT /api/v[12]/packets/(?<name>.+)", "/api/v2/packets/packet_new")
              .that(Trait.NEW_NAME),
          keyOnly("GET /api/v1/packets/(?<name>.+)", "/api/v1/packets/packet_a"),
          sample(
              "GET /api/v1/runs/(?<runId>[^/]+)/packets/(?<field>payload|output)",
              "/api/v1/runs/run_a/packets/payload",
              READ_RUN),
          sample(
              "GET /api/v1/packet-contents/(?<name>.+)",
              "/api/v1/packet-contents/packet_a",
              join(READ, "read:packets", "read:packets:packet_a")),
          sample(
                  "PUT /api/v1/packet-contents/(?<name>.+)",
                  "/api/v1/packet-contents/packet_a",
                  join(WRITE, "write:packets", "write:packets:packet_a"))
              .maybeWith("hidden")
              .typed("text/plain")
              .takes(Kind.BYTES)
              .that(Trait.NEW_NAME),
          keyOnly(
                  "POST /api/v1/runs/:runId/input-streams/wait",
                  "/api/v1/runs/run_a/input-streams/wait")
              .with("{\"streamId\":\"chat\"}"),
          keyOnly("POST /api/v1/waitpoints/tokens", "/api/v1/waitpoints/tokens")
              .maybeWith("{}")
              .making("waitpoint"),
          sample(
              "GET /api/v1/waitpoints/tokens",
              "/api/v1/waitpoints/tokens",
              join(READ, "*:waitpoints", "read:waitpoints")),
          sample(
              "GET /api/v1/waitpoints/tokens/:waitpointId",
              "/api/v1/waitpoints/tokens/waitpoint_a",
              join(READ, "*:waitpoints", "read:waitpoints", "read:waitpoints:waitpoint_a")),
          sample(
                  "POST /api/v1/waitpoints/tokens/:waitpointId/complete",
                  "/api/v1/waitpoints/tokens/waitpoint_a/complete",
                  join(WRITE, "*:waitpoints", "write:waitpoints", "write:waitpoints:waitpoint_a"))
              .maybeWith("{\"data\":\"hidden\"}"),
          open(
                  "POST /api/v1/waitpoints/tokens/:waitpointId/callback",
                  "/api/v1/waitpoints/tokens/waitpoint_a/callback?secret=secret_a")
              .maybeWith("\"hidden\"")
              .takes(Kind.JSON),
          keyOnly("GET /api/v1/tasks", "/api/v1/tasks"),
          keyOnly("GET /api/v1/tasks/:task", "/api/v1/tasks/task_a"),
          keyOnly("GET /api/v1/workers", "/api/v1/workers"),
          keyOnly("GET /api/v1/queues", "/api/v1/queues"),
          keyOnly("GET /api/v1/queues/:queue", "/api/v1/queues/task_a?type=task"),
          keyOnly("GET /api/v1/queues/:queue/keys", "/api/v1/queues/task_a/keys?type=task"),
          keyOnly("POST /api/v1/queues/:queue/pause", "/api/v1/queues/task_a/pause")
              .with("{\"type\":\"task\",\"action\":\"pause\"}"),
          keyOnly(
                  "POST /api/v1/queues/:queue/concurrency/override",
                  "/api/v1/queues/task_a/concurrency/override")
              .with("{\"type\":\"task\",\"concurrencyLimit\":5}"),
          keyOnly(
                  "POST /api/v1/queues/:queue/concurrency/reset",
                  "/api/v1/queues/task_a/concurrency/reset")
              .maybeWith("{\"type\":\"task\"}"),
          keyOnly("POST /api/v1/queues/:queue/claim", "/api/v1/queues/task_b/claim")
              .maybeWith("{\"type\":\"task\",\"max\":1}")
              .that(Trait.NEW_NAME),
          keyOnly("POST /api/v1/runs/:runId/lease", "/api/v1/runs/run_leased/lease")
              .with("{\"lease\":\"lease_a\",\"for\":\"1h\"}"),
          keyOnly("POST /api/v1/runs/:runId/lease/release", "/api/v1/runs/run_given/lease/release")
              .with("{\"lease\":\"lease_b\",\"error\":\"hidden\"}"),
          keyOnly(
              "GET /api/v1/projects/:project/envvars/:environment",
              "/api/v1/projects/proj_p/envvars/dev"),
          keyOnly(
                  "POST /api/v1/projects/:project/envvars/:environment",
                  "/api/v1/projects/proj_p/envvars/dev")
              .with("{\"name\":\"MADE\",\"value\":\"hidden\"}"),
          keyOnly(
                  "POST /api/v1/projects/:project/envvars/:environment/import",
                  "/api/v1/projects/proj_p/envvars/dev/import")
              .with("{\"variables\":{\"IMPORTED\":\"hidden\"},\"override\":true}"),
          keyOnly(
              "GET /api/v1/projects/:project/envvars/:environment/:name",
              "/api/v1/projects/proj_p/envvars/dev/MADE"),
          keyOnly(
                  "PUT /api/v1/projects/:project/envvars/:environment/:name",
                  "/api/v1/projects/proj_p/envvars/dev/MADE")
              .with("{\"value\":\"hidden\"}"),
          keyOnly(
              "DELETE /api/v1/projects/:project/envvars/:environment/:name",
              "/api/v1/projects/proj_p/envvars/dev/MADE"),
          keyOnly("GET /api/v1/schedules", "/api/v1/schedules"),
          keyOnly("POST /api/v1/schedules", "/api/v1/schedules")
              .with(PLAN.replace("}", ",\"deduplicationKey\":\"a\"}")),
          keyOnly(
              "GET /api/v1/schedules/upcoming",
              "/api/v1/schedules/upcoming?cron=0+9+*+*+1&timezone=Europe%2FParis"),
          keyOnly("GET /api/v1/schedules/:schedule", "/api/v1/schedules/sched_a"),
          keyOnly("PUT /api/v1/schedules/:schedule", "/api/v1/schedules/sched_a").with(PLAN),
          keyOnly(
              "POST /api/v1/schedules/:schedule/activate", "/api/v1/schedules/sched_a/activate"),
          keyOnly(
              "POST /api/v1/schedules/:schedule/deactivate",
              "/api/v1/schedules/sched_a/deactivate"),
          keyOnly("DELETE /api/v1/schedules/:schedule", "/api/v1/schedules/sched_a"),
          keyOnly("GET /api/v1/projects/:project/envvars", "/api/v1/projects/proj_p/envvars"),
          keyOnly(
                  "POST /api/v1/projects/:project/background-workers",
                  "/api/v1/projects/proj_p/background-workers")
              .with(
                  "{\"metadata\":{\"contentHash\":\"new\",\"tasks\":[{\"id\":\"task_w\","
                      + "\"filePath\":\"w.ts\"}]}}")
              .making("worker"),
          keyOnly("GET /engine/v1/dev/config", "/engine/v1/dev/config"),
          keyOnly("GET /engine/v1/dev/presence", "/engine/v1/dev/presence"),
          keyOnly("POST /engine/v1/dev/dequeue", "/engine/v1/dev/dequeue")
              .maybeWith("{\"currentWorker\":\"worker_a\",\"oldWorkers\":[]}"),
          keyOnly(
              "GET /engine/v1/dev/runs/:runId/snapshots/latest",
              "/engine/v1/dev/runs/run_busy/snapshots/latest"),
          keyOnly(
                  "POST /engine/v1/dev/runs/:runId/snapshots/:snapshot/heartbeat",
                  "/engine/v1/dev/runs/run_busy/snapshots/snapshot_2/heartbeat")
              .maybeWith("{\"cpu\":0,\"memory\":0}"),
          keyOnly(
                  "POST /engine/v1/dev/runs/:runId/logs/debug",
                  "/engine/v1/dev/runs/run_busy/logs/debug")
              .maybeWith("{\"message\":\"m\"}"),
          keyOnly(
              "POST /engine/v1/dev/runs/:runId/snapshots/:snapshot/attempts/start",
              "/engine/v1/dev/runs/run_held/snapshots/snapshot_1/attempts/start"),
          keyOnly(
                  "POST /engine/v1/dev/runs/:runId/snapshots/:snapshot/attempts/complete",
                  "/engine/v1/dev/runs/run_busy/snapshots/snapshot_2/attempts/complete")
              .with("{\"completion\":{\"ok\":true,\"id\":\"run_busy\"}}"),
          keyOnly(
                  "POST /engine/v1/runs/:runId/wait/duration",
                  "/engine/v1/runs/run_waits/wait/duration")
              .with("{\"date\":\"2030-01-01T00:00:00Z\"}"),
          keyOnly(
              "POST /engine/v1/runs/:runId/waitpoints/tokens/:waitpointId/wait",
              "/engine/v1/runs/run_waits/waitpoints/tokens/waitpoint_a/wait"),
          keyOnly("POST /engine/v1/dev/disconnect", "/engine/v1/dev/disconnect")
              .with("{\"runFriendlyIds\":[]}"),
          open("GET /api/v1/timezones", "/api/v1/timezones"),
          sample("POST /otel/v1/traces", "/otel/v1/traces", WRITE_TRACES)
              .with("{\"resourceSpans\":[]}")
              .that(Trait.LOCAL),
          sample("POST /otel/v1/logs", "/otel/v1/logs", WRITE_TRACES)
              .with("{\"resourceLogs\":[]}")
              .that(Trait.LOCAL),
          sample("POST /otel/v1/metrics", "/otel/v1/metrics", WRITE_TRACES)
              .with("{\"resourceMetrics\":[]}")
              .that(Trait.LOCAL),
          sample("GET /api/v1/runs/:runId/events", "/api/v1/runs/run_a/events", READ_TRACE),
          sample("GET /api/v1/runs/:runId/execution", "/api/v1/runs/run_a/execution", READ_RUN),
          sample("GET /api/v1/runs/:runId/trace", "/api/v1/runs/run_a/trace", READ_TRACE),
          open("POST /api/v1/dashboard/session", "/api/v1/dashboard/session")
              .with("{\"secretKey\":\"" + WholeServer.SECRET + "\"}"),
          feed(
              "GET /realtime/v1/streams/:runId/input/:streamId",
              "/realtime/v1/streams/run_a/input/s?",
              READ_RUN),
          feed("GET /realtime/v1/streams/:runId/:key", "/realtime/v1/streams/run_a/s?", READ_RUN),
          feed(
              "GET /realtime/v1/streams/:runId/:key",
              "/realtime/v1/streams/run_a/$$trace?",
              READ_TRACE),
          feed("GET /realtime/v1/runs/:runId", "/realtime/v1/runs/run_a?", READ_RUN),
          feed("GET /realtime/v1/batches/:batchId", "/realtime/v1/batches/batch_a?", READ_BATCH),
          feed("GET /realtime/v1/runs", "/realtime/v1/runs?", READ_RUNS),
          feed("GET /realtime/v1/runs", "/realtime/v1/runs?tags=tag:a,hidden&", READ_TAGS),
          feed("GET /realtime/v1/runs", "/realtime/v1/runs?parent=run_a&", READ_CHILDREN));

  private RouteTable() {}

  /**
   * All routes that there is a call of, and those where a token means something else: {@code
   * SocketIT} tries the commands of a socket, {@code ExplainIT} what is explained to whom, {@code
   * SessionIT} who is told of a session, {@code BootIT} and {@code BranchesIT} what a personal
   * token opens, {@code LoginIT} who is given one, {@code NoticeChannelIT} who is let into the
   * channel of notices.
   */
  static Set<String> routes() {
    Set<String> routes = new TreeSet<>();
    routes.add("GET /realtime/v1/socket");
    routes.add("GET /realtime/v1/explain");
    routes.add("GET /socket.io/");
    routes.add("GET /api/v2/whoami");
    routes.add("GET /api/v1/platform-notifications");
    routes.add("GET /api/v1/projects");
    routes.add("GET /api/v1/projects/:project");
    routes.add("POST /api/v1/projects/:project/init");
    routes.add("GET /api/v1/orgs");
    routes.add("GET /api/v1/projects/:project/branches");
    routes.add("POST /api/v1/projects/:project/branches");
    routes.add("POST /api/v1/projects/:project/branches/archive");
    routes.add("POST /api/v1/authorization-code");
    routes.add("POST /api/v1/token");
    routes.add("GET /api/v1/dashboard/approvals/:code");
    routes.add("POST /api/v1/dashboard/approvals/:code");
    routes.add("GET /api/v1/projects/:project/dev");
    routes.add("GET /api/v1/dashboard/session");
    routes.add("DELETE /api/v1/dashboard/session");
    routes.add("POST /api/v1/dashboard/key");
    routes.add("GET /api/v1/dashboard/service");
    SAMPLES.forEach(sample -> routes.add(sample.route()));
    return routes;
  }

  /** All calls, of feeds in each of the two ways that they can be asked for. */
  static Stream<Sample> calls() {
    return SAMPLES.stream()
        .flatMap(
            sample ->
                sample.is(Trait.FEED)
                    ? Stream.of(sample, sample.at(sample.path() + "offset=-1"))
                    : Stream.of(sample));
  }
}
