package dev.runcast.http;

import static dev.runcast.http.Sample.keyOnly;

import dev.runcast.http.Caller.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A worker that speaks as the command line tool does, word by word. */
final class DevWorker {
  private final Caller caller;
  private String worker = "worker_unknown";

  DevWorker(WholeServer server) {
    this.caller = new Caller(server.port());
  }

  /** A run that it was given. */
  record Given(String run, String snapshot, JsonObject message) {
    String version() {
      return message.getJsonObject("backgroundWorker").getString("version");
    }
  }

  Reply call(String method, String path, JsonObject body, String... headers) {
    Sample sample = keyOnly(method + " " + path, path);
    return caller.call(
        body == null ? sample : sample.with(body.encode()).typed("text/plain;charset=UTF-8"),
        WholeServer.SECRET,
        headers);
  }

  /** Registers a build; it is the one that this worker is from now on. */
  Reply register(String hash, JsonArray tasks, JsonArray queues) {
    JsonObject metadata =
        new JsonObject().put("contentHash", hash).put("tasks", tasks).put("queues", queues);
    Reply reply =
        call(
            "POST",
            "/api/v1/projects/proj_p/background-workers",
            new JsonObject().put("localOnly", true).put("metadata", metadata));
    if (reply.status() == 200) {
      worker = new JsonObject(reply.body()).getString("id");
    }
    return reply;
  }

  /** A build of tasks that say nothing of themselves. */
  String register(String hash, String... tasks) {
    JsonArray all = new JsonArray();
    for (String task : tasks) {
      all.add(task(task));
    }
    return new JsonObject(register(hash, all, new JsonArray()).body()).getString("version");
  }

  static JsonObject task(String id) {
    return new JsonObject().put("id", id).put("filePath", id + ".ts");
  }

  String trigger(String task, JsonObject options) {
    Reply reply =
        call(
            "POST",
            "/api/v1/tasks/" + task + "/trigger",
            new JsonObject().put("payload", 1).put("options", options));
    return new JsonObject(reply.body()).getString("id");
  }

  String trigger(String task) {
    return trigger(task, new JsonObject());
  }

  /** The options of a run that its parent waits for. */
  static JsonObject below(String parent) {
    return new JsonObject().put("parentRunId", parent).put("resumeParentOnCompletion", true);
  }

  /** Triggers a run, which must be the next in turn, and begins it. */
  Given executing(String task) {
    String run = trigger(task);
    Given given = dequeue().get(0);
    if (!given.run().equals(run)) {
      throw new AssertionError(given + " is not " + run);
    }
    begin(given);
    return given;
  }

  Reply cancel(String run) {
    return call("POST", "/api/v2/runs/" + run + "/cancel", new JsonObject());
  }

  /** Announces a batch that a run waits for. */
  String announce(String parent, int count) {
    JsonObject body = below(parent).put("runCount", count);
    return new JsonObject(call("POST", "/api/v3/batches", body).body()).getString("id");
  }

  /** An item of a batch. */
  static JsonObject item(int index) {
    return new JsonObject().put("index", index);
  }

  /** Sends items of a batch, runs of one task. */
  Reply fill(String batch, String task, JsonObject... items) {
    String path = "/api/v3/batches/" + batch + "/items";
    StringBuilder lines = new StringBuilder();
    for (JsonObject item : items) {
      lines.append(item.put("task", task).encode()).append('\n');
    }
    return caller.call(
        keyOnly("POST " + path, path).with(lines.toString()).typed("application/x-ndjson"),
        WholeServer.SECRET);
  }

  List<Given> dequeue(String... headers) {
    Reply reply =
        call(
            "POST",
            "/engine/v1/dev/dequeue",
            new JsonObject().put("currentWorker", worker).put("oldWorkers", new JsonArray()),
            headers);
    if (reply.status() != 200) {
      throw new AssertionError(reply.toString());
    }
    List<Given> given = new ArrayList<>();
    for (Object each : new JsonObject(reply.body()).getJsonArray("dequeuedMessages")) {
      JsonObject message = (JsonObject) each;
      given.add(
          new Given(
              message.getJsonObject("run").getString("friendlyId"),
              message.getJsonObject("snapshot").getString("friendlyId"),
              message));
    }
    return given;
  }

  Reply start(String run, String snapshot, String... headers) {
    return call("POST", attempts(run, snapshot) + "/start", null, headers);
  }

  /** Begins an attempt and gives the snapshot that it is in then. */
  String begin(Given given) {
    return begin(given.run(), given.snapshot());
  }

  String begin(String run, String snapshot) {
    Reply reply = start(run, snapshot);
    if (reply.status() != 200) {
      throw new AssertionError(reply.toString());
    }
    return snapshot(new JsonObject(reply.body()));
  }

  Reply complete(String run, String snapshot, JsonObject completion, String... headers) {
    return call(
        "POST",
        attempts(run, snapshot) + "/complete",
        new JsonObject().put("completion", completion.put("id", run)),
        headers);
  }

  JsonObject end(String run, String snapshot, JsonObject completion) {
    Reply reply = complete(run, snapshot, completion);
    if (reply.status() != 200) {
      throw new AssertionError(reply.toString());
    }
    return new JsonObject(reply.body()).getJsonObject("result");
  }

  static JsonObject success(String output) {
    return new JsonObject()
        .put("ok", true)
        .put("output", output)
        .put("outputType", "application/json");
  }

  static JsonObject failure() {
    JsonObject error =
        new JsonObject()
            .put("type", "BUILT_IN_ERROR")
            .put("name", "Error")
            .put("message", "m")
            .put("stackTrace", "s");
    return new JsonObject().put("ok", false).put("error", error);
  }

  static JsonObject failure(String code) {
    return new JsonObject()
        .put("ok", false)
        .put("error", new JsonObject().put("type", "INTERNAL_ERROR").put("code", code));
  }

  JsonObject latest(String run) {
    Reply reply = call("GET", "/engine/v1/dev/runs/" + run + "/snapshots/latest", null);
    if (reply.status() != 200) {
      throw new AssertionError(reply.toString());
    }
    return new JsonObject(reply.body()).getJsonObject("execution");
  }

  String standing(String run) {
    return latest(run).getJsonObject("snapshot").getString("executionStatus");
  }

  JsonObject retrieve(String run) {
    return new JsonObject(call("GET", "/api/v3/runs/" + run, null).body());
  }

  static String snapshot(JsonObject holder) {
    return holder.getJsonObject("snapshot").getString("friendlyId");
  }

  private static String attempts(String run, String snapshot) {
    return "/engine/v1/dev/runs/" + run + "/snapshots/" + snapshot + "/attempts";
  }
}
