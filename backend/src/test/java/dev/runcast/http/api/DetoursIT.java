package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a public token must not reach by way of something that it may do. */
class DetoursIT {
  private static final String ITEM = "{\"task\":\"t\"}";

  @RegisterExtension static final ApiServer server = new ApiServer();

  private static Reply post(String path, String body, String token, String... headers) {
    return server.call("POST", path).headers(headers).as(token).json(body).send();
  }

  private static Reply trigger(String options, String... scopes) {
    return post(
        "/api/v1/tasks/t/trigger", "{\"options\":" + options + "}", ApiServer.token(scopes));
  }

  private static void forbidden(Reply reply, String param) {
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(403);
    assertThat(reply.json().getString("param")).isEqualTo(param);
  }

  @Test
  void noParentThatItMayNotRead() {
    String parent = server.trigger("secret", "{\"options\":{\"metadata\":{\"secret\":1}}}");
    String options = new JsonObject().put("parentRunId", parent).encode();

    forbidden(trigger(options, "trigger:tasks:t"), "options.parentRunId");
    assertThat(trigger(options, "trigger:tasks:t", "read:runs:" + parent).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v3/batches", "/api/v2/tasks/batch", "/api/v1/tasks/batch"})
  void noParentOfABatchThatItMayNotRead(String path) {
    String parent = server.trigger("secret", "{}");
    JsonObject body = new JsonObject("{\"items\":[" + ITEM + "],\"runCount\":1}");
    body.put("taskIdentifiers", "t").put("parentRunId", parent);
    String scope = "batchTrigger:tasks:t";

    forbidden(post(path, body.encode(), ApiServer.token(scope)), "parentRunId");
    assertThat(post(path, body.encode(), ApiServer.token(scope, "read:runs:" + parent)).status())
        .isIn(200, 202);
  }

  @Test
  void noBatchThatItMayNotAddTo() {
    String batch =
        post("/api/v3/batches", "{\"runCount\":1}", ApiServer.SECRET).json().getString("id");
    String options = new JsonObject().put("parentBatch", batch).encode();

    forbidden(trigger(options, "trigger:tasks:t"), "options.parentBatch");
    assertThat(trigger(options, "trigger:tasks:t", "write:batch:" + batch).status()).isEqualTo(200);
  }

  /** Who knows the key of a batch must not come to add to it, or read it. */
  @Test
  void noBatchOfOtherTasksByItsIdempotencyKey() {
    String open = "{\"runCount\":2,\"taskIdentifiers\":[\"secret\"],\"idempotencyKey\":\"k1\"}";
    post("/api/v3/batches", open, ApiServer.SECRET);
    String body = "{\"runCount\":2,\"taskIdentifiers\":[\"t\"],\"idempotencyKey\":\"k1\"}";
    String oneTime = ApiServer.oneTimeToken("batchTrigger:tasks:t");

    forbidden(post("/api/v3/batches", body, oneTime), "idempotencyKey");

    assertThat(server.query("select openers from batch where idempotency_key = 'k1'"))
        .containsExactly("{}");
    assertThat(post("/api/v3/batches", body.replace("k1", "k2"), oneTime).status())
        .as("a refusal does not use the token up")
        .isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v2/tasks/batch", "/api/v1/tasks/batch"})
  void noBatchOfOtherTasksInOneCallByItsIdempotencyKey(String path) {
    String key = "whole-" + path;
    String[] header = {"idempotency-key", key};
    String own = "{\"items\":[" + ITEM + "]}";
    post(path, own.replace("\"t\"", "\"secret\""), ApiServer.SECRET, header);

    forbidden(post(path, own, ApiServer.token("batchTrigger:tasks:t"), header), "idempotencyKey");
    assertThat(post(path, own, ApiServer.token("batchTrigger:tasks"), header).status())
        .isIn(200, 202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parentOperations", "rootOperations"})
  void noMetadataOfAParentThatItMayNotChange(String operations) {
    String parent = server.trigger("parent", "{}");
    String child = server.trigger("child", "{\"options\":{\"parentRunId\":\"" + parent + "\"}}");
    String body = "{\"" + operations + "\":[{\"type\":\"set\",\"key\":\"k\",\"value\":1}]}";
    ApiServer.Call change = server.call("PATCH", "/api/v1/runs/" + child).json(body);

    assertThat(change.as(ApiServer.token("write:runs:" + child)).send().status()).isEqualTo(403);
    assertThat(server.retrieve(parent).getJsonObject("metadata")).isNull();
    assertThat(
            change.as(ApiServer.token("write:runs:" + child, "write:tasks:parent")).send().status())
        .isEqualTo(200);
    assertThat(server.retrieve(parent).getJsonObject("metadata").getInteger("k")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"payloadType\":\"application/store\"}",
        "{\"payload\":\"others\",\"payloadType\":\"application/store\"}"
      })
  void noPacketOfOthersByAReplay(String body) {
    String run =
        server.trigger(
            "t", "{\"payload\":\"others\",\"options\":{\"payloadType\":\"text/plain\"}}");
    String token = ApiServer.token("write:runs:" + run);

    forbidden(post("/api/v1/runs/" + run + "/replay", body, token), "options.payloadType");
    assertThat(post("/api/v1/runs/" + run + "/replay", "", token).status()).isEqualTo(200);
  }

  @Test
  void theSameStoredPayloadMayBeReplayed() {
    String run =
        server.trigger(
            "t", "{\"payload\":\"own\",\"options\":{\"payloadType\":\"application/store\"}}");

    Reply replayed =
        post("/api/v1/runs/" + run + "/replay", "{}", ApiServer.token("write:runs:" + run));

    assertThat(replayed.status()).isEqualTo(200);
  }

  @Test
  void noPacketOfOthersByAnOutput() {
    String run = server.trigger("t", "{}");
    ApiServer.Call change =
        server
            .call("PATCH", "/api/v1/runs/" + run)
            .json("{\"output\":\"others\",\"outputType\":\"application/store\"}");

    forbidden(change.as(ApiServer.token("write:runs:" + run)).send(), "outputType");
    assertThat(change.send().status()).isEqualTo(200);
  }
}
