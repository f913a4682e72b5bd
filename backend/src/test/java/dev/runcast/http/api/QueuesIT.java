package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class QueuesIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  private static void trigger(String queue) {
    server.trigger(
        "t", "{\"options\":{\"queue\":{\"name\":\"%s\"},\"tags\":\"q\"}}".formatted(queue));
  }

  private static JsonObject get(String path) {
    Reply reply = server.call("GET", path).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  private static JsonObject post(String path, String body) {
    Reply reply = server.call("POST", path).json(body).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  @Test
  void aQueueIsNamedByItsIdItsTaskOrItsOwnName() {
    server.trigger("mail%20me", "{}");
    trigger("own");

    JsonObject task = get("/api/v1/queues/mail%20me?type=task");
    JsonObject own = get("/api/v1/queues/own?type=custom");

    assertThat(task.getString("name")).isEqualTo("mail me");
    assertThat(task.getString("type")).isEqualTo("task");
    assertThat(task.getInteger("queued")).isEqualTo(1);
    assertThat(own.getString("type")).isEqualTo("custom");
    assertThat(get("/api/v1/queues/" + own.getString("id"))).isEqualTo(own);
    assertThat(get("/api/v1/queues/" + own.getString("id") + "?type=id")).isEqualTo(own);
    assertThat(get("/api/v1/queues/task%252Fmail%20me?type=task")).isEqualTo(task);
    assertThat(get("/api/v1/queues/task%2Fmail%20me?type=custom")).isEqualTo(task);
  }

  @Test
  void namesMayHoldAnythingThatAUrlCanSay() {
    for (String name : List.of("a/b", "50%", "ü & ?", "pause")) {
      trigger(name);
    }

    assertThat(get("/api/v1/queues/a%252Fb?type=custom").getString("name")).isEqualTo("a/b");
    assertThat(get("/api/v1/queues/50%25?type=custom").getString("name")).isEqualTo("50%");
    assertThat(get("/api/v1/queues/%C3%BC%20%26%20%3F?type=custom").getString("name"))
        .isEqualTo("ü & ?");
    assertThat(get("/api/v1/queues/pause?type=custom").getString("name")).isEqualTo("pause");
  }

  @Test
  void countsFollowTheRuns() {
    String run = server.trigger("counted", "{}");
    server.trigger("counted", "{\"options\":{\"delay\":\"1h\"}}");
    String path = "/api/v1/queues/counted?type=task";
    assertThat(get(path).getInteger("queued")).isEqualTo(1);

    server.patch(run, "{\"status\":\"EXECUTING\"}");
    assertThat(get(path).getInteger("queued")).isZero();
    assertThat(get(path).getInteger("running")).isEqualTo(1);

    server.patch(run, "{\"status\":\"COMPLETED\"}");
    assertThat(get(path).getInteger("running")).isZero();
  }

  @Test
  void theKeysOfAQueueAreTold() {
    server.trigger(
        "t", "{\"options\":{\"queue\":{\"name\":\"keyed\"},\"concurrencyKey\":\"user-1\"}}");

    JsonArray keys = get("/api/v1/queues/keyed/keys?type=custom").getJsonArray("keys");

    assertThat(keys)
        .isEqualTo(
            new JsonArray()
                .add(new JsonObject().put("key", "user-1").put("running", 0).put("queued", 1)));
    assertThat(server.call("GET", "/api/v1/queues/nobodys/keys?type=custom").send().status())
        .isEqualTo(404);
  }

  @Test
  void aQueueIsPausedAndResumedHoweverOften() {
    trigger("paused");
    String path = "/api/v1/queues/paused/pause";
    String pause = "{\"type\":\"custom\",\"action\":\"pause\"}";

    assertThat(post(path, pause).getBoolean("paused")).isTrue();
    assertThat(post(path, pause).getBoolean("paused")).isTrue();
    assertThat(get("/api/v1/queues/paused?type=custom").getBoolean("paused")).isTrue();
    assertThat(post(path, pause.replace("\"pause\"", "\"resume\"")).getBoolean("paused")).isFalse();
  }

  @Test
  void aLimitIsOverriddenAndReset() {
    trigger("limited");
    String path = "/api/v1/queues/limited/concurrency/";

    JsonObject before = get("/api/v1/queues/limited?type=custom");
    JsonObject over = post(path + "override", "{\"type\":\"custom\",\"concurrencyLimit\":3}");
    JsonObject reset = post(path + "reset", "{\"type\":\"custom\"}");

    assertThat(before.getMap()).containsEntry("concurrencyLimit", null);
    assertThat(over.getInteger("concurrencyLimit")).isEqualTo(3);
    assertThat(over.getJsonObject("concurrency").getInteger("override")).isEqualTo(3);
    assertThat(over.getJsonObject("concurrency").getInstant("overriddenAt")).isNotNull();
    assertThat(reset).isEqualTo(before);
    assertThat(post(path + "reset", "{\"type\":\"custom\"}")).isEqualTo(before);
  }

  @Test
  void theListIsPagedByName() {
    try (ApiServer own = new ApiServer()) {
      IntStream.range(0, 5).forEach(i -> own.trigger("t" + i, "{}"));

      JsonObject second = own.call("GET", "/api/v1/queues?page=2&perPage=2").send().json();
      JsonObject beyond = own.call("GET", "/api/v1/queues?page=9&perPage=2").send().json();
      JsonObject others =
          own.call("GET", "/api/v1/queues").as(ApiServer.OTHER_SECRET).send().json();

      assertThat(names(second)).containsExactly("t2", "t3");
      assertThat(second.getJsonObject("pagination").getMap())
          .containsExactlyInAnyOrderEntriesOf(
              new JsonObject("{\"currentPage\":2,\"totalPages\":3,\"count\":5}").getMap());
      assertThat(names(beyond)).isEmpty();
      assertThat(beyond.getJsonObject("pagination").getInteger("count")).isEqualTo(5);
      assertThat(names(others)).isEmpty();
    }
  }

  private static List<String> names(JsonObject list) {
    JsonArray data = list.getJsonArray("data");
    return IntStream.range(0, data.size())
        .mapToObj(i -> data.getJsonObject(i).getString("name"))
        .toList();
  }

  @Test
  void aRepeatedChangeIsMadeOnce() {
    trigger("repeated");
    String[] key = {"x-trigger-request-idempotency-key", UUID.randomUUID().toString()};
    String path = "/api/v1/queues/repeated/concurrency/override";
    String body = "{\"type\":\"custom\",\"concurrencyLimit\":1}";

    List<CompletableFuture<Reply>> twins =
        IntStream.range(0, 4)
            .mapToObj(i -> server.call("POST", path).headers(key).json(body).start())
            .toList();
    List<String> answers =
        twins.stream().map(twin -> twin.join().response().body()).distinct().toList();

    assertThat(answers).hasSize(1);
    assertThat(new JsonObject(answers.get(0)).getInteger("concurrencyLimit")).isEqualTo(1);
    Reply other = server.call("POST", path).headers(key).json(body.replace("1", "2")).send();
    assertThat(other.status()).isEqualTo(422);
  }

  @Test
  void onlyTheSecretKeyOfTheEnvironmentGetsAtThem() {
    trigger("mine");
    String id = get("/api/v1/queues/mine?type=custom").getString("id");
    String pause = "{\"type\":\"id\",\"action\":\"pause\"}";

    String token = ApiServer.token("read:queues", "write:queues", "admin");
    assertThat(server.call("GET", "/api/v1/queues").as(token).send().status()).isEqualTo(403);
    assertThat(server.call("GET", "/api/v1/queues").as("tr_dev_x").send().status()).isEqualTo(401);
    for (String path : List.of("/api/v1/queues/" + id, "/api/v1/queues/mine?type=custom")) {
      assertThat(server.call("GET", path).as(token).send().status()).isEqualTo(403);
      assertThat(server.call("GET", path).as(ApiServer.OTHER_SECRET).send().status())
          .isEqualTo(404);
    }
    Reply foreign =
        server
            .call("POST", "/api/v1/queues/" + id + "/pause")
            .as(ApiServer.OTHER_SECRET)
            .json(pause)
            .send();
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(get("/api/v1/queues/" + id).getBoolean("paused")).isFalse();
  }

  @Test
  void whatCanNotBeIsRefusedInASentence() {
    trigger("refused");
    String path = "/api/v1/queues/refused/";

    assertThat(error("GET", "/api/v1/queues/nobody?type=custom", null, 404)).contains("nobody");
    assertThat(error("GET", "/api/v1/queues/queue_nobody", null, 404)).contains("id");
    assertThat(error("GET", "/api/v1/queues/refused?type=other", null, 400)).contains("custom");
    assertThat(error("GET", "/api/v1/queues/a%00b?type=custom", null, 400)).contains("NUL");
    assertThat(error("GET", "/api/v1/queues/" + "x".repeat(600), null, 400)).contains("512");
    for (String query :
        List.of("page=0", "page=x", "perPage=101", "perPage=-1", "page=99999999999")) {
      assertThat(error("GET", "/api/v1/queues?" + query, null, 400)).contains("must be 1 to");
    }
    assertThat(error("POST", path + "pause", "", 400)).contains("body");
    assertThat(error("POST", path + "pause", "[]", 400)).contains("object");
    assertThat(error("POST", path + "pause", "{\"type\":\"custom\",\"action\":\"stop\"}", 400))
        .contains("pause or resume");
    assertThat(error("POST", path + "pause", "{\"type\":\"custom\",\"action\":\"\\u0000\"}", 422))
        .contains("NUL");
    for (String limit : List.of("-1", "100001", "\"3\"", "null")) {
      String body = "{\"type\":\"custom\",\"concurrencyLimit\":" + limit + "}";
      Reply reply = server.call("POST", path + "concurrency/override").json(body).send();
      assertThat(reply.status()).isIn(400, 422);
      assertThat(reply.error()).contains("concurrencyLimit");
    }
  }

  private static String error(String method, String path, String body, int status) {
    ApiServer.Call call = server.call(method, path);
    Reply reply = (body == null ? call : call.json(body)).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
    return reply.error();
  }
}
