package dev.runcast.demo;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The calls of the public API that a worker needs. Every future fails on an answer that is not 2xx.
 */
final class DemoApi {
  private final HttpClient client;
  private final String host;
  private final int port;
  private final String secretKey;

  DemoApi(HttpClient client, String host, int port, String secretKey) {
    this.client = client;
    this.host = host;
    this.port = port;
    this.secretKey = secretKey;
  }

  /** Starts a run; gives its id. */
  Future<String> trigger(String task, Object payload, JsonObject options) {
    return call(
            HttpMethod.POST,
            "/api/v1/tasks/" + task + "/trigger",
            "application/json",
            new JsonObject().put("payload", payload).put("options", options).toBuffer())
        .map(answer -> answer.getString("id"));
  }

  /** Opens a batch of children, sends its items and gives the ids of its runs. */
  Future<List<String>> batch(String parent, List<JsonObject> items) {
    JsonObject opening = new JsonObject().put("runCount", items.size()).put("parentRunId", parent);
    return call(HttpMethod.POST, "/api/v3/batches", "application/json", opening.toBuffer())
        .map(answer -> answer.getString("id"))
        .compose(batch -> sendItems(batch, items).compose(accepted -> runsOf(batch)));
  }

  private Future<JsonObject> sendItems(String batch, List<JsonObject> items) {
    Buffer lines = Buffer.buffer();
    for (int index = 0; index < items.size(); index++) {
      lines.appendBuffer(items.get(index).copy().put("index", index).toBuffer()).appendString("\n");
    }
    String path = "/api/v3/batches/" + batch + "/items";
    return call(HttpMethod.POST, path, "application/x-ndjson", lines);
  }

  private Future<List<String>> runsOf(String batch) {
    return call(HttpMethod.GET, "/api/v2/batches/" + batch, "application/json", Buffer.buffer())
        .map(answer -> answer.getJsonArray("runs").stream().map(String.class::cast).toList());
  }

  Future<Void> status(String run, String status) {
    return patch(run, new JsonObject().put("status", status));
  }

  Future<Void> complete(String run, Object output) {
    return patch(run, new JsonObject().put("status", "COMPLETED").put("output", output));
  }

  Future<Void> fail(String run, String message) {
    JsonObject error = new JsonObject().put("type", "STRING_ERROR").put("raw", message);
    return patch(run, new JsonObject().put("status", "FAILED").put("error", error));
  }

  /** Sets keys of the run's metadata. */
  Future<Void> report(String run, JsonObject values) {
    JsonArray operations = new JsonArray();
    values.forEach(
        entry ->
            operations.add(
                new JsonObject()
                    .put("type", "set")
                    .put("key", entry.getKey())
                    .put("value", entry.getValue())));
    return patch(run, new JsonObject().put("operations", operations));
  }

  /** Adds a part to one of the run's streams. */
  Future<Void> say(String run, String stream, String part) {
    return call(
            HttpMethod.POST,
            "/realtime/v1/streams/" + run + "/self/" + stream,
            "application/json",
            Buffer.buffer(Json.encode(part) + "\n"))
        .mapEmpty();
  }

  private Future<Void> patch(String run, JsonObject change) {
    return call(HttpMethod.PATCH, "/api/v1/runs/" + run, "application/json", change.toBuffer())
        .mapEmpty();
  }

  private Future<JsonObject> call(HttpMethod method, String path, String type, Buffer body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(host)
            .setPort(port)
            .setURI(path)
            .putHeader("Authorization", "Bearer " + secretKey)
            .putHeader("Content-Type", type);
    return client
        .request(options)
        .compose(request -> request.send(body))
        .compose(
            response -> response.body().compose(text -> answered(method, path, response, text)));
  }

  private static Future<JsonObject> answered(
      HttpMethod method, String path, HttpClientResponse response, Buffer text) {
    return response.statusCode() / 100 == 2
        ? Future.succeededFuture(text.length() == 0 ? new JsonObject() : text.toJsonObject())
        : Future.failedFuture(
            method + " " + path + " was answered with " + response.statusCode() + " " + text);
  }
}
