package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BatchCallsIT {
  private static final String OLD = "/api/v1/tasks/batch";
  private static final String NEW = "/api/v2/tasks/batch";

  @RegisterExtension static final ApiServer server = new ApiServer();

  private static ApiServer.Call calling(String path, String... items) {
    return server
        .call("POST", path)
        .json("{\"items\":[" + String.join(",", items) + "],\"dependentAttempt\":\"x\"}");
  }

  private static String item(String task, int n, String options) {
    return "{\"task\":\"%s\",\"payload\":{\"n\":%d},\"options\":%s}".formatted(task, n, options);
  }

  private static Reply made(ApiServer.Call call, int status) {
    Reply reply = call.send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
    return reply;
  }

  @Test
  void oneBodyMakesABatchWithAllOfItsRunsInTheirOrder() {
    Reply reply = made(calling(OLD, item("t", 0, "{}"), item("u", 1, "{\"tags\":[\"x\"]}")), 200);

    String batch = reply.json().getString("id");
    JsonArray runs = reply.json().getJsonArray("runs");
    assertThat(reply.json().getBoolean("isCached")).isFalse();
    assertThat(runs).hasSize(2);
    assertThat(reply.response().body()).doesNotContain("null");
    for (int i = 0; i < 2; i++) {
      JsonObject told = runs.getJsonObject(i);
      JsonObject run = server.retrieve(told.getString("id"));
      assertThat(told.getBoolean("isCached")).isFalse();
      assertThat(told.getString("taskIdentifier")).isEqualTo(i == 0 ? "t" : "u");
      assertThat(run.getString("batchId")).isEqualTo(batch);
      assertThat(run.getJsonObject("payload").getInteger("n")).isEqualTo(i);
      assertThat(run.getString("triggerFunction")).isEqualTo("batchTrigger");
    }
    JsonObject read = server.call("GET", "/api/v2/batches/" + batch).send().json();
    assertThat(read.getString("status")).isEqualTo("PROCESSING");
    assertThat(read.getInteger("runCount")).isEqualTo(2);
    assertThat(new JsonObject(reply.header("x-trigger-jwt-claims")).getString("sub"))
        .isEqualTo("env_dev");
    assertThat(
            server
                .call("GET", "/api/v1/batches/" + batch)
                .as(reply.header("x-trigger-jwt"))
                .send()
                .status())
        .isEqualTo(200);
  }

  @Test
  void anItemIsStoredAsTheSameTriggerAlone() {
    String rest =
        """
        "payload":"{\\"json\\":\\"\\\\ud800 ü \\\\u0000\\"}","options":{
          "payloadType":"application/super+json","queue":{"name":"slow"},"concurrencyKey":7,
          "machine":"small-2x","maxAttempts":3,"maxDuration":60,"priority":-5,"region":"eu",
          "metadata":{"p":1.10},"tags":["a,b","\\"{}\\\\","NULL"],"test":true,
          "lockToVersion":"20240101.1","ttl":90,"delay":"2099-01-01T00:00:00.123Z",
          "idempotencyKey":"%1$s","debounce":{"key":"%1$s","delay":"1s"}}""";
    String alone = server.trigger("same", "{" + rest.formatted("alone") + "}");
    Reply made = made(calling(OLD, "{\"task\":\"same\"," + rest.formatted("batch") + "}"), 200);
    String item = made.json().getJsonArray("runs").getJsonObject(0).getString("id");

    String row =
        """
        select replace((to_jsonb(run) - '{id,changed_xid,changed_bucket,status_xid,tags_xid,created_at,updated_at}'::text[]
          - '{batch_id,batch_index,trigger_function,idempotency_key}'::text[])::text, '%s', 'key')
        from run where id = '%s'""";
    assertThat(server.query(row.formatted("batch", item)))
        .isEqualTo(server.query(row.formatted("alone", alone)));
    assertThat(server.query("select tags[2] from run where id = '" + item + "'"))
        .containsExactly("\"{}\\");
  }

  @Test
  void theNewerFormTellsOfTheBatchAlone() {
    Reply reply = made(calling(NEW, item("t", 0, "{}")), 202);

    assertThat(reply.json().fieldNames()).containsExactlyInAnyOrder("id", "runCount");
    assertThat(reply.json().getInteger("runCount")).isEqualTo(1);
    assertThat(reply.header("x-trigger-jwt")).isNotNull();
  }

  @Test
  void aKeyOfTheBatchGivesTheFirstBatchUntilItExpires() {
    String[] keyed = {"idempotency-key", "nightly", "idempotency-key-ttl", "1h"};
    ApiServer.Call call = calling(OLD, item("t", 0, "{}")).headers(keyed);

    JsonObject first = made(call, 200).json();
    JsonObject again = made(call, 200).json();
    server.postgres.execute(
        "update batch set key_expires_at = now() - interval '1 second' where id = '%s'"
            .formatted(first.getString("id")));
    JsonObject later = made(call, 200).json();

    assertThat(first.getString("idempotencyKey")).isEqualTo("nightly");
    assertThat(again.getString("id")).isEqualTo(first.getString("id"));
    assertThat(again.getBoolean("isCached")).isTrue();
    assertThat(again.getJsonArray("runs").getJsonObject(0).getString("id"))
        .isEqualTo(first.getJsonArray("runs").getJsonObject(0).getString("id"));
    assertThat(again.getJsonArray("runs").getJsonObject(0).getBoolean("isCached")).isTrue();
    assertThat(later.getString("id")).isNotEqualTo(first.getString("id"));
    assertThat(later.getBoolean("isCached")).isFalse();
  }

  @Test
  void aKeyOfAnItemGivesTheRunThatHoldsIt() {
    String earlier = server.trigger("held", "{\"options\":{\"idempotencyKey\":\"one\"}}");

    JsonArray runs =
        made(
                calling(
                    OLD,
                    item("held", 0, "{\"idempotencyKey\":\"one\"}"),
                    item("held", 1, "{\"idempotencyKey\":\"two\"}"),
                    item("held", 2, "{\"idempotencyKey\":\"two\"}")),
                200)
            .json()
            .getJsonArray("runs");

    assertThat(runs.getJsonObject(0).getString("id")).isEqualTo(earlier);
    assertThat(runs.getJsonObject(0).getBoolean("isCached")).isTrue();
    assertThat(runs.getJsonObject(0).getString("idempotencyKey")).isEqualTo("one");
    assertThat(runs.getJsonObject(1).getBoolean("isCached")).isFalse();
    assertThat(runs.getJsonObject(2).getString("id"))
        .isEqualTo(runs.getJsonObject(1).getString("id"));
  }

  @Test
  void allOfABatchIsMadeOrNothing() {
    String before = server.query("select count(*) from run").get(0);

    Reply wrong = calling(OLD, item("t", 0, "{}"), item(" ", 1, "{}")).send();
    Reply unknownParent =
        server
            .call("POST", OLD)
            .json("{\"items\":[%s],\"parentRunId\":\"run_nobody\"}".formatted(item("t", 0, "{}")))
            .send();

    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.error()).contains("task");
    assertThat(unknownParent.status()).isEqualTo(422);
    assertThat(server.query("select count(*) from run").get(0)).isEqualTo(before);
  }

  @Test
  void whatIsNoBatchIsRefusedByName() {
    refuses("{}", 400, "items");
    refuses("{\"items\":[]}", 400, "1 to 100");
    refuses("{\"items\":{}}", 400, "items");
    refuses("{\"items\":[7]}", 400, "items[0]");
    refuses("{\"items\":[{}]}", 422, "items[0].task");
    refuses("{\"items\":[" + "{\"task\":\"t\"},".repeat(100) + "{\"task\":\"t\"}]}", 400, "100");
    refuses("[", 400, "JSON");
    refuses("", 400, "body");
  }

  private static void refuses(String body, int status, String words) {
    for (String path : List.of(OLD, NEW)) {
      Reply reply = server.call("POST", path).json(body).send();
      assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
      assertThat(reply.error()).contains(words);
      assertThat(reply.header("x-should-retry")).isEqualTo("false");
    }
  }

  @Test
  void everyTaskOfItNeedsItsScopeAndAOneTimeTokenIsUsedUp() {
    String token = ApiServer.oneTimeToken("batchTrigger:tasks:t");
    ApiServer.Call both = calling(NEW, item("t", 0, "{}"), item("u", 1, "{}"));
    ApiServer.Call one = calling(NEW, item("t", 0, "{}"));

    assertThat(both.as(token).send().status()).as("a refusal uses nothing up").isEqualTo(403);
    assertThat(one.as(ApiServer.token("trigger:tasks:t")).send().status()).isEqualTo(403);
    assertThat(one.as("tr_dev_forged").send().status()).isEqualTo(401);
    assertThat(one.as(token).send().status()).isEqualTo(202);
    assertThat(one.as(token).send().status()).isEqualTo(422);
    assertThat(
            both.as(ApiServer.token("batchTrigger:tasks:t", "batchTrigger:tasks:u"))
                .send()
                .status())
        .isEqualTo(202);
  }

  @Test
  void theSameRequestTwiceAtOnceMakesOneBatch() {
    String items =
        IntStream.range(0, 50)
            .mapToObj(i -> item("twin", i, "{}"))
            .collect(Collectors.joining(","));
    ApiServer.Call call =
        calling(OLD, items).headers("x-trigger-request-idempotency-key", "twice-at-once");

    List<CompletableFuture<Reply>> twins = List.of(call.start(), call.start());

    List<Reply> replies = twins.stream().map(CompletableFuture::join).toList();
    assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isEqualTo(200));
    assertThat(replies.get(0).json()).isEqualTo(replies.get(1).json());
    assertThat(server.query("select count(*) from run where task_identifier = 'twin'").get(0))
        .isEqualTo("50");
  }
}
