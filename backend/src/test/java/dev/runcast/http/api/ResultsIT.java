package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ResultsIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  private static Reply result(String run) {
    return server.call("GET", "/api/v1/runs/" + run + "/result").send();
  }

  @Test
  void aSuccessIsToldWithItsOutputAsAPacketOnceItIsThere() {
    String run = server.trigger("t", "{}");
    assertThat(result(run).status()).isEqualTo(404);

    server.patch(run, "{\"status\":\"COMPLETED\",\"output\":{\"n\":1}}");

    assertThat(result(run).json())
        .isEqualTo(
            new JsonObject()
                .put("ok", true)
                .put("id", run)
                .put("output", "{\"n\":1}")
                .put("outputType", "application/json")
                .put("taskIdentifier", "t"));
  }

  @Test
  void aSuccessWithoutOutputHasAType() {
    String run = server.trigger("t", "{}");
    server.patch(run, "{\"status\":\"COMPLETED\"}");

    assertThat(result(run).json().containsKey("output")).isFalse();
    assertThat(result(run).json().getString("outputType")).isEqualTo("application/json");
  }

  @Test
  void aFailureIsToldInAFormThatClientsKnow() {
    String raised = server.trigger("t", "{}");
    server.patch(
        raised,
        "{\"status\":\"FAILED\",\"error\":{\"type\":\"BUILT_IN_ERROR\",\"name\":\"E\",\"message\":\"m\",\"stackTrace\":\"s\"}}");
    String canceled = server.trigger("t", "{}");
    server.call("POST", "/api/v2/runs/" + canceled + "/cancel").send();
    String silent = server.trigger("t", "{}");
    server.patch(silent, "{\"status\":\"CRASHED\"}");
    String foreign = server.trigger("t", "{}");
    server.postgres.execute(
        "update run set status = 'CRASHED', error = 'not json' where id = '" + foreign + "'");

    assertThat(error(raised).getString("message")).isEqualTo("m");
    assertThat(error(canceled))
        .isEqualTo(
            new JsonObject().put("type", "INTERNAL_ERROR").put("code", "TASK_RUN_CANCELLED"));
    assertThat(error(silent).getString("raw")).contains("CRASHED");
    assertThat(error(foreign))
        .isEqualTo(new JsonObject().put("type", "STRING_ERROR").put("raw", "not json"));
  }

  /** As in feeds: a client that can't read an error would have no answer at all. */
  @Test
  void aFailureOfAnyFormIsToldInOneThatTheClientReads() {
    String halved = server.trigger("t", "{}");
    String newer = server.trigger("t", "{}");
    server.postgres.execute(
        """
        update run set status = 'CRASHED', error = '{"type":"BUILT_IN_ERROR","message":"m"}'
          where id = '%s';
        update run set status = 'CRASHED',
          error = '{"type":"INTERNAL_ERROR","code":"RECURSIVE_WAIT_DEADLOCK"}' where id = '%s'"""
            .formatted(halved, newer));

    assertThat(error(halved).fieldNames()).contains("name", "message", "stackTrace");
    assertThat(error(newer).getString("code")).isEqualTo("RECURSIVE_WAIT_DEADLOCK");
    JsonObject legacy =
        server
            .call("GET", "/api/v1/runs/" + newer + "/result")
            .headers("trigger-version", "3.3.17")
            .send()
            .json();
    assertThat(legacy.getJsonObject("error").getString("type")).isEqualTo("BUILT_IN_ERROR");
  }

  private static JsonObject error(String run) {
    JsonObject result = result(run).json();
    assertThat(result.getBoolean("ok")).isFalse();
    return result.getJsonObject("error");
  }

  @Test
  void aBatchTellsWhatHasFinishedInTheOrderOfItsItems() {
    String earlier = server.trigger("t", "{\"options\":{\"idempotencyKey\":\"k\"}}");
    JsonObject made =
        server
            .call("POST", "/api/v1/tasks/batch")
            .json(
                "{\"items\":[{\"task\":\"t\"},{\"task\":\"t\",\"options\":{\"idempotencyKey\":\"k\"}},{\"task\":\"u\"}]}")
            .send()
            .json();
    JsonArray runs = made.getJsonArray("runs");
    String path = "/api/v1/batches/" + made.getString("id") + "/results";
    assertThat(server.call("GET", path).send().json().getJsonArray("items")).isEmpty();

    server.patch(runs.getJsonObject(2).getString("id"), "{\"status\":\"FAILED\"}");
    server.patch(earlier, "{\"status\":\"COMPLETED\",\"output\":\"x\"}");

    JsonObject results = server.call("GET", path).send().json();
    assertThat(results.getString("id")).isEqualTo(made.getString("id"));
    assertThat(results.getJsonArray("items")).hasSize(2);
    assertThat(results.getJsonArray("items").getJsonObject(0).getString("id")).isEqualTo(earlier);
    assertThat(results.getJsonArray("items").getJsonObject(1).getBoolean("ok")).isFalse();
  }

  @Test
  void resultsAreForTheSecretKeyOfTheirEnvironment() {
    String run = server.trigger("t", "{}");
    server.patch(run, "{\"status\":\"COMPLETED\"}");
    String path = "/api/v1/runs/" + run + "/result";
    String token = ApiServer.token("read:runs", "read:batch");

    assertThat(server.call("GET", path).as(token).send().status()).isEqualTo(403);
    assertThat(server.call("GET", path).as(ApiServer.OTHER_SECRET).send().status()).isEqualTo(404);
    assertThat(server.call("GET", "/api/v1/batches/b/results").as(token).send().status())
        .isEqualTo(403);
    assertThat(server.call("GET", "/api/v1/batches/b/results").send().status()).isEqualTo(404);
    assertThat(server.call("GET", "/api/v1/runs/a-b/result").send().status()).isEqualTo(404);
  }

  private static ApiServer.Call resetting(String key, String task) {
    return server
        .call("POST", "/api/v1/idempotencyKeys/" + key + "/reset")
        .json("{\"taskIdentifier\":\"%s\"}".formatted(task));
  }

  @Test
  void aKeyThatWasResetMakesANewRun() {
    String keyed = "{\"options\":{\"idempotencyKey\":\"a/b %\"}}";
    String first = server.trigger("reset", keyed);
    assertThat(server.trigger("reset", keyed)).isEqualTo(first);

    assertThat(resetting("a%2Fb%20%25", "other").send().status()).isEqualTo(404);
    assertThat(resetting("a%2Fb%20%25", "reset").as(ApiServer.OTHER_SECRET).send().status())
        .isEqualTo(404);
    assertThat(resetting("a%2Fb%20%25", "reset").as(ApiServer.token("read:runs")).send().status())
        .isEqualTo(403);
    Reply reset = resetting("a%2Fb%20%25", "reset").as(ApiServer.token("write:runs")).send();

    assertThat(reset.status()).as(reset.response().body()).isEqualTo(200);
    assertThat(reset.json().getString("id")).isEqualTo("a/b %");
    assertThat(resetting("a%2Fb%20%25", "reset").send().status()).isEqualTo(404);
    assertThat(server.trigger("reset", keyed)).isNotEqualTo(first);
    assertThat(server.retrieve(first).getString("status")).isEqualTo("QUEUED");
    assertThat(resetting("x", "").send().status()).isEqualTo(422);
    assertThat(server.call("POST", "/api/v1/idempotencyKeys/x/reset").json("{}").send().status())
        .isEqualTo(422);
  }
}
