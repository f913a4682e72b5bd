package dev.runcast.http.api;

import static dev.runcast.testing.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BatchesIT {
  private static final String[] NDJSON = {"content-type", "application/x-ndjson"};

  @RegisterExtension static final ApiServer server = new ApiServer();

  private static ApiServer.Call announcing(String body) {
    return server.call("POST", "/api/v3/batches").json(body);
  }

  /** Announces a batch; gives its id. */
  private static String announced(int runCount) {
    return announced("{\"runCount\":%d}".formatted(runCount));
  }

  private static String announced(String body) {
    Reply reply = announcing(body).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(202);
    return reply.json().getString("id");
  }

  private static ApiServer.Call adding(String batch, String lines) {
    return server
        .call("POST", "/api/v3/batches/" + batch + "/items")
        .headers(NDJSON)
        .body(chunked(lines));
  }

  /** A body of unknown length, as the SDK sends it. */
  private static BodyPublisher chunked(String lines) {
    return BodyPublishers.ofInputStream(
        () -> new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
  }

  private static String items(int from, int to) {
    return IntStream.range(from, to).mapToObj(BatchesIT::item).collect(Collectors.joining());
  }

  private static String item(int index) {
    return item(index, "t", "{}");
  }

  private static String item(int index, String task, String options) {
    return "{\"index\":%d,\"task\":\"%s\",\"payload\":{\"n\":%d},\"options\":%s}\n"
        .formatted(index, task, index, options);
  }

  private static JsonObject read(String batch) {
    Reply reply = server.call("GET", "/api/v2/batches/" + batch).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  private static String legacyStatus(String batch) {
    return server.call("GET", "/api/v1/batches/" + batch).send().json().getString("status");
  }

  private static String count(String batch) {
    return server.query("select count(*) from run where batch_id = '" + batch + "'").get(0);
  }

  @Test
  void aBatchIsAnnouncedFilledPieceByPieceAndDoneWithItsRuns() {
    Reply made = announcing("{\"runCount\":3}").send();
    String batch = made.json().getString("id");
    assertThat(made.status()).isEqualTo(202);
    assertThat(made.json())
        .isEqualTo(new JsonObject().put("id", batch).put("runCount", 3).put("isCached", false));
    assertThat(made.header("x-trigger-jwt-claims")).contains("env_dev");
    assertThat(Long.parseLong(made.header("x-runcast-position"))).isPositive();

    Reply first = adding(batch, item(1) + "\n" + item(0)).send();

    assertThat(first.status()).as(first.response().body()).isEqualTo(200);
    assertThat(first.json())
        .isEqualTo(
            new JsonObject()
                .put("id", batch)
                .put("itemsAccepted", 2)
                .put("itemsDeduplicated", 0)
                .put("sealed", false)
                .put("enqueuedCount", 2)
                .put("expectedCount", 3));
    assertThat(Long.parseLong(first.header("x-runcast-position"))).isPositive();
    assertThat(read(batch).getString("status")).isEqualTo("PENDING");

    Reply second = adding(batch, item(2).stripTrailing()).send();

    assertThat(second.json().getBoolean("sealed")).isTrue();
    JsonObject processing = read(batch);
    assertThat(processing.getString("status")).isEqualTo("PROCESSING");
    assertThat(legacyStatus(batch)).isEqualTo("PENDING");
    assertThat(processing.getInteger("runCount")).isEqualTo(3);
    assertThat(processing.getJsonObject("processing"))
        .isEqualTo(new JsonObject().put("errors", new JsonArray()));
    List<?> runs = processing.getJsonArray("runs").getList();
    assertThat(runs).hasSize(3);
    for (int i = 0; i < 3; i++) {
      JsonObject run = server.retrieve((String) runs.get(i));
      assertThat(run.getString("batchId")).isEqualTo(batch);
      assertThat(run.getJsonObject("payload").getInteger("n")).isEqualTo(i);
      assertThat(run.getString("triggerFunction")).isEqualTo("batchTrigger");
    }

    server.patch((String) runs.get(0), "{\"status\":\"COMPLETED\"}");
    server.patch((String) runs.get(1), "{\"status\":\"FAILED\"}");
    assertThat(read(batch).getString("status")).isEqualTo("PROCESSING");
    server.patch((String) runs.get(2), "{\"status\":\"CANCELED\"}");

    JsonObject done = read(batch);
    assertThat(done.getString("status")).isEqualTo("COMPLETED");
    assertThat(legacyStatus(batch)).isEqualTo("COMPLETED");
    assertThat(done.getJsonObject("processing").getInstant("completedAt"))
        .isEqualTo(server.retrieve((String) runs.get(2)).getInstant("finishedAt"))
        .isBeforeOrEqualTo(done.getInstant("updatedAt"));
  }

  @Test
  void whatIsSentAgainIsCountedAndNotDoubled() {
    String batch = announced(5);
    adding(batch, items(0, 3)).send();

    Reply again = adding(batch, items(0, 5) + item(4)).send();

    assertThat(again.json().getInteger("itemsAccepted")).isEqualTo(2);
    assertThat(again.json().getInteger("itemsDeduplicated")).isEqualTo(4);
    assertThat(again.json().getBoolean("sealed")).isTrue();
    Reply sealed = adding(batch, items(0, 5)).send();
    assertThat(sealed.json().getInteger("itemsAccepted")).isZero();
    assertThat(sealed.json().getInteger("itemsDeduplicated")).isEqualTo(5);
    assertThat(sealed.json().getBoolean("sealed")).isTrue();
    assertThat(sealed.header("x-runcast-position")).isNull();
    assertThat(count(batch)).isEqualTo("5");
  }

  @Test
  void twoWhoSendTheSameItemsAtOnceMakeThemOnce() {
    String batch = announced(100);

    List<CompletableFuture<Reply>> senders =
        IntStream.range(0, 4).mapToObj(i -> adding(batch, items(0, 100)).start()).toList();

    List<Reply> replies = senders.stream().map(CompletableFuture::join).toList();
    assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isEqualTo(200));
    assertThat(replies.stream().mapToInt(reply -> reply.json().getInteger("itemsAccepted")).sum())
        .isEqualTo(100);
    assertThat(count(batch)).isEqualTo("100");
  }

  @Test
  void aBrokenStreamLeavesWhatHadComeAndIsMadeUpForByTheNext() throws IOException {
    String batch = announced(100);
    byte[] body = items(0, 100).getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          """
          POST /api/v3/batches/%s/items HTTP/1.1\r
          host: x\r
          authorization: Bearer %s\r
          content-type: application/x-ndjson; charset=utf-8\r
          transfer-encoding: chunked\r
          \r
          %x\r
          """
              .formatted(batch, ApiServer.SECRET, body.length + 1_000)
              .getBytes(StandardCharsets.UTF_8));
      out.write(body);
      out.flush();
      until("the first items are there", () -> count(batch).equals("100"));
    }

    Reply again = adding(batch, items(0, 100)).send();

    assertThat(again.json().getInteger("itemsDeduplicated")).isEqualTo(100);
    assertThat(again.json().getBoolean("sealed")).isTrue();
    assertThat(count(batch)).isEqualTo("100");
  }

  @Test
  void itemsBelongToTheParentAndMayWaitAndExpire() {
    String parent = server.trigger("parent", "{}");
    String batch =
        announced(
            "{\"runCount\":2,\"parentRunId\":\"%s\",\"resumeParentOnCompletion\":true}"
                .formatted(parent));
    server.dues.clear();

    adding(batch, item(0) + item(1, "t", "{\"delay\":\"1h\",\"ttl\":\"10m\"}")).send();

    assertThat(
            server.query(
                """
                select count(*), min(parent_id), min(root_id), min(depth), min(trigger_function),
                  count(*) filter (where status = 'DELAYED' and batch_index = 1)
                from run where batch_id = '%s'"""
                    .formatted(batch)))
        .containsExactly("2", parent, parent, "1", "batchTriggerAndWait", "1");
    assertThat(server.dues).as("the earliest time; nobody is at the parent").hasSize(1);
    assertThat(
            server.query(
                """
                select string_agg(kind, ',' order by kind) from due join run on run.id = due.ref
                where batch_id = '%s'"""
                    .formatted(batch)))
        .containsExactly("DELAY,TTL");
  }

  @Test
  void anItemWhoseKeyStandsForARunIsThatRun() {
    String earlier = server.trigger("t", "{\"options\":{\"idempotencyKey\":\"batch-key\"}}");
    String batch = announced(4);
    String lines =
        item(0, "t", "{\"idempotencyKey\":\"batch-key\"}")
            + item(1, "t", "{\"idempotencyKey\":\"new-key\"}")
            + item(2, "t", "{\"idempotencyKey\":\"new-key\"}")
            + item(3, "other", "{\"idempotencyKey\":\"new-key\"}");

    Reply added = adding(batch, lines).send();
    Reply again = adding(batch, lines).send();

    assertThat(added.json().getInteger("itemsAccepted")).isEqualTo(4);
    assertThat(added.json().getBoolean("sealed")).isTrue();
    assertThat(again.json().getInteger("itemsDeduplicated")).isEqualTo(4);
    assertThat(count(batch)).isEqualTo("2");
    List<?> runs = read(batch).getJsonArray("runs").getList();
    assertThat(runs).hasSize(4);
    assertThat(runs.get(0)).isEqualTo(earlier);
    assertThat(runs.get(2)).isEqualTo(runs.get(1));
    assertThat(runs.get(3)).isNotEqualTo(runs.get(1));
    server.patch((String) runs.get(1), "{\"status\":\"COMPLETED\"}");
    server.patch((String) runs.get(3), "{\"status\":\"COMPLETED\"}");
    assertThat(read(batch).getString("status")).isEqualTo("PROCESSING");
    server.patch(earlier, "{\"status\":\"COMPLETED\"}");
    assertThat(read(batch).getString("status")).isEqualTo("COMPLETED");
  }

  @Test
  void anIdempotencyKeyAnnouncesOneBatchWhichIsCachedOnceItIsComplete() {
    String body = "{\"runCount\":1,\"idempotencyKey\":\"once\"}";
    String batch = announced(body);

    Reply incomplete = announcing(body).send();
    Reply otherSize = announcing("{\"runCount\":2,\"idempotencyKey\":\"once\"}").send();
    adding(batch, item(0)).send();
    Reply complete = announcing(body).send();

    assertThat(incomplete.json().getString("id")).isEqualTo(batch);
    assertThat(incomplete.json().getBoolean("isCached")).isFalse();
    assertThat(otherSize.status()).isEqualTo(422);
    assertThat(otherSize.error()).contains("1 items");
    assertThat(complete.json())
        .isEqualTo(
            new JsonObject()
                .put("id", batch)
                .put("runCount", 1)
                .put("isCached", true)
                .put("idempotencyKey", "once"));
    assertThat(read(batch).getString("idempotencyKey")).isEqualTo("once");
  }

  @Test
  void aRepeatedRequestGivesTheFirstAnswerWithANewToken() {
    String[] key = {"x-trigger-request-idempotency-key", "announce-1"};
    String token = ApiServer.oneTimeToken("batchTrigger:tasks:t");
    String body = "{\"runCount\":1,\"taskIdentifiers\":[\"t\"]}";

    Reply first = announcing(body).headers(key).as(token).send();
    Reply again = announcing(body).headers(key).as(token).send();
    Reply other = announcing(body).as(token).send();

    assertThat(first.status()).isEqualTo(202);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("x-trigger-jwt")).isNotEqualTo(first.header("x-trigger-jwt"));
    assertThat(other.status()).as("a second use of the token").isEqualTo(422);
  }

  @Test
  void theItemsMayBeSentWithTheOneTimeTokenThatAnnouncedThem() {
    String token = ApiServer.oneTimeToken("batchTrigger:tasks:t");
    String batch =
        announcing("{\"runCount\":2,\"taskIdentifiers\":[\"t\"]}")
            .as(token)
            .send()
            .json()
            .getString("id");

    assertThat(adding(batch, item(0)).as(token).send().status()).isEqualTo(200);
    assertThat(adding(batch, item(1)).as(token).send().json().getBoolean("sealed")).isTrue();
  }

  @Test
  void aOneTimeTokenFillsTheBatchThatItAnnouncedAndNoOther() {
    String body = "{\"runCount\":2,\"taskIdentifiers\":[\"t\"]}";
    String token = ApiServer.oneTimeToken("batchTrigger:tasks:t");
    String own = announcing(body).as(token).send().json().getString("id");
    String others = announced(2);

    Reply refused = adding(others, item(0)).as(token).send();

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.error()).contains("one-time");
    assertThat(
            adding(own, item(0)).as(ApiServer.oneTimeToken("batchTrigger:tasks:t")).send().status())
        .as("one that announced nothing")
        .isEqualTo(403);
    assertThat(count(own) + count(others)).isEqualTo("00");
    assertThat(adding(own, items(0, 2)).as(token).send().json().getBoolean("sealed")).isTrue();
    assertThat(adding(own, items(0, 2)).as(token).send().json().getInteger("itemsAccepted"))
        .as("once it is sealed")
        .isZero();
  }

  @Test
  void whoAnnouncesAnUnfinishedBatchOnceMoreMayFillIt() {
    String body = "{\"runCount\":1,\"taskIdentifiers\":[\"t\"],\"idempotencyKey\":\"twice\"}";
    String first = ApiServer.oneTimeToken("batchTrigger:tasks:t");
    String second = ApiServer.oneTimeToken("batchTrigger:tasks:t");
    String batch = announcing(body).as(first).send().json().getString("id");

    assertThat(announcing(body).as(second).send().json().getString("id")).isEqualTo(batch);

    assertThat(adding(batch, item(0)).as(second).send().json().getBoolean("sealed")).isTrue();
    assertThat(adding(batch, item(0)).as(first).send().json().getBoolean("sealed")).isTrue();
  }

  @Test
  void everyTaskOfABatchNeedsItsScope() {
    String both = "{\"runCount\":2,\"taskIdentifiers\":[\"t\",\"u\"]}";
    String one = ApiServer.token("batchTrigger:tasks:t");

    assertThat(announcing(both).as(one).send().status()).isEqualTo(403);
    assertThat(announcing("{\"runCount\":1}").as(one).send().status()).isEqualTo(403);
    assertThat(announcing(both).as(ApiServer.token("trigger:tasks")).send().status())
        .isEqualTo(403);
    assertThat(
            announcing("{\"runCount\":1}")
                .as(ApiServer.token("batchTrigger:tasks"))
                .send()
                .status())
        .isEqualTo(202);
    assertThat(
            announcing(both)
                .as(ApiServer.token("batchTrigger:tasks:t", "batchTrigger:tasks:u"))
                .send()
                .status())
        .isEqualTo(202);

    String batch = announced(2);
    Reply refused = adding(batch, item(0) + item(1, "u", "{}")).as(one).send();
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.error()).contains("Item 1", "batchTrigger:tasks");
    assertThat(adding(batch, item(0)).as(ApiServer.token("write:batch:other")).send().status())
        .isEqualTo(403);
    assertThat(
            adding(batch, items(0, 2)).as(ApiServer.token("write:batch:" + batch)).send().status())
        .isEqualTo(200);
  }

  @Test
  void aPagesTokenForItsBatchReachesNoOtherTaskAndOthersGetNone() {
    ApiServer.Call call =
        announcing("{\"runCount\":2,\"taskIdentifiers\":[\"t\"]}")
            .as(ApiServer.token("batchTrigger:tasks:t"));
    Reply page = call.headers("x-trigger-client", "browser").send();
    String batch = page.json().getString("id");
    String token = page.header("x-trigger-jwt");

    assertThat(adding(batch, item(0)).as(token).send().status()).isEqualTo(200);
    assertThat(adding(batch, item(1, "u", "{}")).as(token).send().status()).isEqualTo(403);
    assertThat(server.call("GET", "/api/v2/batches/" + batch).as(token).send().status())
        .isEqualTo(200);

    Reply other = call.send();
    assertThat(
            adding(other.json().getString("id"), item(0))
                .as(other.header("x-trigger-jwt"))
                .send()
                .status())
        .isEqualTo(403);
  }

  @Test
  void aBatchIsReadByItsScopesAndInItsEnvironmentOnly() {
    String batch = announced(1);
    String path = "/api/v2/batches/" + batch;

    assertThat(server.call("GET", path).as(ApiServer.token("read:batch:" + batch)).send().status())
        .isEqualTo(200);
    assertThat(server.call("GET", path).as(ApiServer.token("read:runs")).send().status())
        .isEqualTo(200);
    assertThat(server.call("GET", path).as(ApiServer.token("read:batch:other")).send().status())
        .isEqualTo(403);
    assertThat(server.call("GET", path).as(ApiServer.OTHER_SECRET).send().status()).isEqualTo(404);
    assertThat(adding(batch, item(0)).as(ApiServer.OTHER_SECRET).send().status()).isEqualTo(404);
    assertThat(server.call("GET", path).send().header("x-runcast-cursor")).isNotNull();
  }

  @Test
  void whatCanNotBeAnnouncedIsRefusedByName() {
    refuses(announcing("{}"), 400, "runCount");
    refuses(announcing("{\"runCount\":0}"), 400, "runCount");
    refuses(announcing("{\"runCount\":101}"), 400, "1 to 100");
    refuses(announcing("{\"runCount\":\"3\"}"), 400, "runCount");
    refuses(announcing("{\"runCount\":1,\"taskIdentifiers\":[]}"), 400, "taskIdentifiers");
    refuses(announcing("{\"runCount\":1,\"taskIdentifiers\":[\"a\",\"a\"]}"), 400, "once");
    refuses(announcing("{\"runCount\":1,\"parentRunId\":\"run_nobody\"}"), 422, "parentRunId");
    refuses(
        announcing("{\"runCount\":1,\"idempotencyKey\":\"%s\"}".formatted("k".repeat(2049))),
        422,
        "2048");
    refuses(announcing("[]"), 400, "JSON object");
  }

  @Test
  void whatCanNotBeAnItemIsRefusedByItsIndex() {
    String batch = announced(3);

    refuses(adding(batch, item(0)).headers("content-type", "application/json"), 415, "x-ndjson");
    refuses(adding(batch, item(0) + "{\"index\":1\n"), 400, "Line 2");
    refuses(adding(batch, item(0) + "[]\n"), 400, "JSON object");
    refuses(adding(batch, "{\"task\":\"t\"}\n"), 422, "Line 1", "index");
    refuses(adding(batch, item(0) + item(3)), 422, "Line 2", "0 to 2");
    refuses(adding(batch, "{\"index\":1}\n"), 422, "Item 1", "task");
    refuses(adding(batch, "{\"index\":1,\"task\":\" \"}\n"), 422, "Item 1", "task");
    refuses(adding(batch, "x".repeat(500_000)), 413, "Line 1");
    refuses(adding("batch_nobody", item(0)), 404, "batch_nobody");
    assertThat(count(batch)).isEqualTo("0");
  }

  private static void refuses(ApiServer.Call call, int status, String... words) {
    Reply reply = call.send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
    assertThat(reply.error()).contains(words);
    assertThat(reply.header("x-should-retry")).isEqualTo("false");
  }
}
