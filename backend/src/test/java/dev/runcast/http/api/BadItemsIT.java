package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Items that can't be triggered: each is a run that has failed, and in nobody's way. */
class BadItemsIT {
  private static final String[] NDJSON = {"content-type", "application/x-ndjson"};
  private static final String GOOD = "{\"task\":\"t\",\"payload\":7}";

  @RegisterExtension static final ApiServer server = new ApiServer();

  private static String announced(int runCount) {
    Reply reply =
        server.call("POST", "/api/v3/batches").json("{\"runCount\":" + runCount + "}").send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(202);
    return reply.json().getString("id");
  }

  private static ApiServer.Call adding(String batch, String lines) {
    return server
        .call("POST", "/api/v3/batches/" + batch + "/items")
        .headers(NDJSON)
        .body(BodyPublishers.ofString(lines));
  }

  /** Lines of these items, which have their places for indexes. */
  private static String lines(String... items) {
    return IntStream.range(0, items.length)
        .mapToObj(i -> "{\"index\":" + i + "," + items[i].substring(1) + "\n")
        .collect(Collectors.joining());
  }

  private static String filled(String... items) {
    String batch = announced(items.length);
    Reply reply = adding(batch, lines(items)).send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    assertThat(reply.json().getBoolean("sealed")).isTrue();
    assertThat(reply.json().getInteger("itemsAccepted")).isEqualTo(items.length);
    return batch;
  }

  private static JsonObject read(String batch) {
    return server.call("GET", "/api/v2/batches/" + batch).send().json();
  }

  private static List<JsonObject> runs(String batch) {
    return read(batch).getJsonArray("runs").stream()
        .map(run -> server.retrieve((String) run))
        .toList();
  }

  private static String with(String options) {
    return "{\"task\":\"t\",\"payload\":7,\"options\":" + options + "}";
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of(with("{\"machine\":\"huge\"}"), "options.machine"),
        Arguments.of(with("{\"machine\":5}"), "options.machine"),
        Arguments.of(with("{\"delay\":\"soon\"}"), "options.delay"),
        Arguments.of(with("{\"ttl\":\"later\"}"), "options.ttl"),
        Arguments.of(with("{\"ttl\":-1}"), "options.ttl"),
        Arguments.of(with("{\"maxAttempts\":0}"), "options.maxAttempts"),
        Arguments.of(with("{\"queue\":\"q\"}"), "options.queue"),
        Arguments.of(with("{\"queue\":{\"name\":\"\"}}"), "options.queue.name"),
        Arguments.of(with("{\"tags\":[\"" + "x".repeat(129) + "\"]}"), "128"),
        Arguments.of(with("{\"tags\":[1]}"), "options.tags"),
        Arguments.of(with("{\"metadata\":[]}"), "options.metadata"),
        Arguments.of(with("{\"metadata\":{\"m\":\"" + "x".repeat(2_000) + "\"}}"), "2000"),
        Arguments.of(with("{\"idempotencyKey\":\"" + "k".repeat(2_049) + "\"}"), "2048"),
        Arguments.of(
            with("{\"idempotencyKey\":\"k\",\"idempotencyKeyTTL\":\"x\"}"), "idempotencyKeyTTL"),
        Arguments.of(with("{\"parentRunId\":\"-\"}"), "options.parentRunId"),
        Arguments.of(with("{\"lockToVersion\":1}"), "options.lockToVersion"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void anItemThatCanNotBeTriggeredIsARunThatHasFailed(String item, String cause) {
    String batch = filled(GOOD, item, GOOD);

    List<JsonObject> runs = runs(batch);

    assertThat(runs)
        .extracting(run -> run.getString("status"))
        .containsExactly("QUEUED", "SYSTEM_FAILURE", "QUEUED");
    JsonObject failed = runs.get(1);
    assertThat(failed.getJsonObject("error").getString("message"))
        .startsWith("Item 1 of the batch can't be triggered: ")
        .contains(cause);
    assertThat(failed.getInteger("payload")).isEqualTo(7);
    assertThat(failed.getInstant("finishedAt")).isAfterOrEqualTo(failed.getInstant("createdAt"));
    assertThat(failed.containsKey("startedAt")).isFalse();
    assertThat(failed.getInteger("attemptCount")).isZero();
  }

  @Test
  void aBatchWithSuchAnItemIsDoneWithItsOtherRuns() {
    String batch = filled(GOOD, with("{\"machine\":\"huge\"}"));
    assertThat(read(batch).getString("status")).isEqualTo("PROCESSING");

    server.patch(runs(batch).get(0).getString("id"), "{\"status\":\"COMPLETED\"}");

    assertThat(read(batch).getString("status")).isEqualTo("COMPLETED");
    JsonArray results =
        server
            .call("GET", "/api/v1/batches/" + batch + "/results")
            .send()
            .json()
            .getJsonArray("items");
    assertThat(results.getJsonObject(0).getBoolean("ok")).isTrue();
    assertThat(results.getJsonObject(1).getBoolean("ok")).isFalse();
    assertThat(results.getJsonObject(1).getJsonObject("error").getString("code"))
        .isEqualTo("BATCH_ITEM_COULD_NOT_TRIGGER");
    JsonArray listed =
        server
            .call(
                "GET",
                "/api/v1/runs?filter%5Bbatch%5D=" + batch + "&filter%5Bstatus%5D=SYSTEM_FAILURE")
            .send()
            .json()
            .getJsonArray("data");
    assertThat(listed).hasSize(1);
  }

  @Test
  void aBatchOfNothingElseIsDoneAtOnce() {
    String batch = filled(with("{\"machine\":\"huge\"}"), with("{\"delay\":\"soon\"}"));

    assertThat(read(batch).getString("status")).isEqualTo("COMPLETED");
    assertThat(
            server.query(
                "select count(*) from due join run on ref = id where batch_id = '" + batch + "'"))
        .containsExactly("0");
  }

  @Test
  void whatIsSentAgainHasFailedOnce() {
    String lines = lines(GOOD, with("{\"machine\":\"huge\"}"), GOOD);
    String batch = announced(3);
    adding(batch, lines).send();

    Reply again = adding(batch, lines).send();
    Reply mended = adding(batch, lines(GOOD, GOOD, GOOD)).send();

    assertThat(again.json().getInteger("itemsDeduplicated")).isEqualTo(3);
    assertThat(mended.json().getInteger("itemsDeduplicated")).isEqualTo(3);
    assertThat(runs(batch))
        .extracting(run -> run.getString("status"))
        .containsExactly("QUEUED", "SYSTEM_FAILURE", "QUEUED");
  }

  @Test
  void itKeepsItsTagsAndLosesAPayloadThatIsItselfWrong() {
    String large =
        "{\"task\":\"t\",\"payload\":\""
            + "x".repeat(200_001)
            + "\",\"options\":{\"tags\":[\"a\"]}}";
    String nested =
        with("{\"payloadType\":\"application/super+json\",\"tags\":\"b\"}").replace("7", "\"{\"");

    List<JsonObject> runs = runs(filled(large, nested, with("[]")));

    assertThat(runs.get(0).getJsonObject("error").getString("message")).contains("200000");
    assertThat(runs.get(0).getJsonArray("tags")).containsExactly("a");
    assertThat(runs.get(0).containsKey("payload")).isFalse();
    assertThat(runs.get(1).getJsonObject("error").getString("message")).contains("not the JSON");
    assertThat(runs.get(1).getJsonArray("tags")).containsExactly("b");
    assertThat(runs.get(2).getJsonObject("error").getString("message")).contains("options");
  }

  private static String wide() {
    String wide = "漢".repeat(127);
    String tags =
        IntStream.range(0, 10)
            .mapToObj(i -> "\"" + i + wide + "\"")
            .collect(Collectors.joining(","));
    return "{\"task\":\"%2$s%2$s\",\"payload\":7,\"options\":{\"tags\":[%1$s],\"region\":\"%2$s\",\"lockToVersion\":\"%2$s\",\"queue\":{\"name\":\"%2$s%2$s\"},\"concurrencyKey\":\"%2$s%2$s\"}}"
        .formatted(tags, wide);
  }

  @Test
  void anItemThatTheRowHasNoRoomForFailsWithoutThoseBesideIt() {
    List<JsonObject> runs = runs(filled(GOOD, wide(), wide(), GOOD));

    assertThat(runs)
        .extracting(run -> run.getString("status"))
        .containsExactly("QUEUED", "SYSTEM_FAILURE", "SYSTEM_FAILURE", "QUEUED");
    assertThat(runs.get(2).getJsonObject("error").getString("message")).contains("Item 2", "7000");
    assertThat(runs.get(2).getInteger("payload")).isEqualTo(7);
  }

  @Test
  void aKeyOfAnItemThatFailsIsFreeForTheNext() {
    String keyed = "\"idempotencyKey\":\"free\"";
    String batch = filled(with("{\"machine\":\"huge\"," + keyed + "}"), with("{" + keyed + "}"));

    List<JsonObject> runs = runs(batch);

    assertThat(runs)
        .extracting(run -> run.getString("status"))
        .containsExactly("SYSTEM_FAILURE", "QUEUED");
    assertThat(server.trigger("t", "{\"options\":{" + keyed + "}}"))
        .isEqualTo(runs.get(1).getString("id"));
  }

  @Test
  void whoMayNotSendItIsRefusedWhateverElseIsWrong() {
    String batch = announced(1);
    String stored = "{\"payloadType\":\"application/store\",\"machine\":\"huge\"}";
    String line = lines("{\"task\":\"t\",\"payload\":\"others/path\",\"options\":" + stored + "}");

    Reply path = adding(batch, line).as(ApiServer.token("write:batch:" + batch)).send();
    Reply task =
        adding(batch, lines(with("{\"machine\":\"huge\"}")))
            .as(ApiServer.token("batchTrigger:tasks:u"))
            .send();

    assertThat(path.status()).isEqualTo(403);
    assertThat(task.status()).isEqualTo(403);
    assertThat(server.query("select count(*) from run where batch_id = '" + batch + "'"))
        .containsExactly("0");
  }

  @Test
  void aBatchInOneBodyHasItsRunsThatHaveFailedToo() {
    String body =
        "{\"items\":[" + String.join(",", GOOD, with("{\"delay\":\"soon\"}"), wide()) + "]}";

    Reply older = server.call("POST", "/api/v1/tasks/batch").json(body).send();
    Reply newer = server.call("POST", "/api/v2/tasks/batch").json(body).send();

    assertThat(older.status()).as(older.response().body()).isEqualTo(200);
    assertThat(older.json().getJsonArray("runs")).hasSize(3);
    assertThat(newer.status()).as(newer.response().body()).isEqualTo(202);
    for (Reply reply : List.of(older, newer)) {
      List<JsonObject> runs = runs(reply.json().getString("id"));
      assertThat(runs)
          .extracting(run -> run.getString("status"))
          .containsExactly("QUEUED", "SYSTEM_FAILURE", "SYSTEM_FAILURE");
      assertThat(runs.get(1).getJsonObject("error").getString("message"))
          .contains("Item 1", "options.delay");
      assertThat(runs.get(2).getJsonObject("error").getString("message"))
          .contains("Item 2", "7000");
    }
  }

  @Test
  void whatHasFailedSoIsTriggeredAnewByAReplay() {
    String failed = runs(filled(with("{\"machine\":\"huge\"}"))).get(0).getString("id");

    Reply replayed = server.call("POST", "/api/v1/runs/" + failed + "/replay").send();

    assertThat(replayed.status()).as(replayed.response().body()).isEqualTo(200);
    JsonObject run = server.retrieve(replayed.json().getString("id"));
    assertThat(run.getString("status")).isEqualTo("QUEUED");
    assertThat(run.getInteger("payload")).isEqualTo(7);
  }
}
