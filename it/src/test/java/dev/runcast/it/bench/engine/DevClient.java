package dev.runcast.it.bench.engine;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.process.Child;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A worker that speaks as the official command line tool does, and executes nothing: what it takes
 * is the service's time. For several threads.
 */
final class DevClient {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final String key;
  private volatile String worker = "";

  DevClient(Service service) {
    this("http://127.0.0.1:" + service.port(), Tenant.SERVICE_KEY);
  }

  private DevClient(String base, String key) {
    this.base = base;
    this.key = key;
  }

  /**
   * A run that it was given.
   *
   * @param snapshot to be named when it begins
   */
  record Given(String run, String snapshot) {}

  /** One of an environment that is made for it. */
  static DevClient ofEnvironment(String slug, Ground ground, Service service) {
    Child made =
        ground
            .children()
            .start(
                "env-" + slug,
                List.of(
                    ground.installation().launcher().toString(),
                    "env",
                    "create",
                    "--project",
                    "proj_runcast",
                    "--env",
                    slug),
                Map.of(
                    "DATABASE_URL",
                    ground.database().url(),
                    "RUNCAST_ENCRYPTION_KEY",
                    Tenant.ENCRYPTION_KEY));
    return new DevClient("http://127.0.0.1:" + service.port(), made.lineContaining("tr_").strip());
  }

  /** Registers a build with these tasks. */
  void register(String... tasks) {
    JsonArray described = new JsonArray();
    for (String task : tasks) {
      described.add(new JsonObject().put("id", task).put("filePath", "bench.ts"));
    }
    JsonObject metadata =
        new JsonObject().put("contentHash", String.join(",", tasks)).put("tasks", described);
    worker =
        post(
                "/api/v1/projects/proj_runcast/background-workers",
                new JsonObject().put("metadata", metadata))
            .getString("id");
  }

  String trigger(String task) {
    return post(
            "/api/v1/tasks/" + task + "/trigger",
            new JsonObject().put("payload", new JsonObject().put("pad", "x".repeat(200))))
        .getString("id");
  }

  List<Given> dequeue() {
    List<Given> given = new ArrayList<>();
    post("/engine/v1/dev/dequeue", new JsonObject().put("currentWorker", worker))
        .getJsonArray("dequeuedMessages")
        .forEach(
            message -> {
              JsonObject told = (JsonObject) message;
              given.add(
                  new Given(
                      told.getJsonObject("run").getString("friendlyId"),
                      told.getJsonObject("snapshot").getString("friendlyId")));
            });
    return given;
  }

  /** Begins an attempt. */
  Given start(Given given) {
    JsonObject begun = post(attempts(given) + "/start", new JsonObject());
    return new Given(given.run(), begun.getJsonObject("snapshot").getString("friendlyId"));
  }

  /** Ends one. */
  void complete(Given begun) {
    JsonObject completion =
        new JsonObject()
            .put("ok", true)
            .put("id", begun.run())
            .put("output", "1")
            .put("outputType", "application/json");
    post(attempts(begun) + "/complete", new JsonObject().put("completion", completion));
  }

  private static String attempts(Given given) {
    return "/engine/v1/dev/runs/" + given.run() + "/snapshots/" + given.snapshot() + "/attempts";
  }

  JsonObject get(String path) {
    return send(request(path).GET().build());
  }

  private JsonObject post(String path, JsonObject body) {
    return send(request(path).POST(BodyPublishers.ofString(body.encode())).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("authorization", "Bearer " + key)
        .header("content-type", "application/json");
  }

  private JsonObject send(HttpRequest request) {
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(request + " " + answer.statusCode() + " " + answer.body());
      }
      return new JsonObject(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
