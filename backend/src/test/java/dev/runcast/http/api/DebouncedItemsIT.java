package dev.runcast.http.api;

import static dev.runcast.http.api.Debounced.body;
import static dev.runcast.http.api.Debounced.count;
import static dev.runcast.http.api.Debounced.leading;
import static dev.runcast.http.api.Debounced.trailing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Items of batches with debounce keys: each leads to a run that is there, or to another item's. */
class DebouncedItemsIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  private static String trigger(String task, int n, String debounce, String more) {
    return server.trigger(task, body(n, debounce, more));
  }

  private static JsonObject batch(String... items) {
    Reply reply =
        server
            .call("POST", "/api/v1/tasks/batch")
            .json("{\"items\":[" + String.join(",", items) + "]}")
            .send();
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  private static String item(String task, int n, String debounce) {
    return Debounced.item(task, n, debounce, "");
  }

  private static List<String> runs(JsonObject batch) {
    JsonArray runs = batch.getJsonArray("runs");
    return IntStream.range(0, runs.size())
        .mapToObj(i -> runs.getJsonObject(i).getString("id"))
        .toList();
  }

  @Test
  void itemsOfABatchComeToRunsThatAreThereAndToEachOthers() {
    String there = trigger("items", 1, leading("there"), "");

    JsonObject made =
        batch(
            item("items", 2, trailing("there")),
            item("items", 3, trailing("new")),
            item("items", 4, trailing("new")),
            "{\"task\":\"items\",\"payload\":{\"n\":5}}");

    List<String> runs = runs(made);
    assertThat(runs.get(0)).isEqualTo(there);
    assertThat(runs.get(2)).isEqualTo(runs.get(1));
    assertThat(server.retrieve(there).getJsonObject("payload").getInteger("n")).isEqualTo(2);
    assertThat(server.retrieve(runs.get(1)).getJsonObject("payload").getInteger("n")).isEqualTo(4);
    assertThat(count(server, "items")).isEqualTo(3);
    JsonObject read = server.call("GET", "/api/v2/batches/" + made.getString("id")).send().json();
    assertThat(read.getInteger("runCount")).isEqualTo(4);
    assertThat(trigger("items", 6, leading("new"), "")).isEqualTo(runs.get(1));
  }

  @Test
  void theExpiryOfAnItemGoesWithTheDelayOfTheLatest() {
    String longer = "\"key\":\"k\",\"delay\":\"2h\"";
    JsonObject first = new JsonObject(body(1, leading("k"), "\"ttl\":\"10m\""));

    List<String> runs = runs(batch(first.put("task", "ttl").encode(), item("ttl", 2, longer)));

    assertThat(runs.get(1)).isEqualTo(runs.get(0));
    assertThat(
            server.query(
                """
                select delay_until > now() + interval '119 minutes',
                  (select at = delay_until from due where ref = run.id and kind = 'DELAY'),
                  (select at = delay_until + interval '10 minutes' from due where ref = run.id
                    and kind = 'TTL')
                from run where id = '%s'"""
                    .formatted(runs.get(0))))
        .containsOnly("t");
  }

  @Test
  void twoOfOneIdempotencyKeyAreTheRunThatTheFirstIsDebouncedTo() {
    String there = trigger("keyed", 1, leading("k"), "");
    String key = "\"idempotencyKey\":\"i\"";

    JsonObject made =
        batch(
            Debounced.item("keyed", 2, trailing("k"), key),
            "{\"task\":\"keyed\",\"payload\":{\"n\":3},\"options\":{" + key + "}}",
            Debounced.item("keyed", 4, trailing("k"), key));

    assertThat(runs(made)).containsExactly(there, there, there);
    assertThat(server.retrieve(there).getJsonObject("payload").getInteger("n")).isEqualTo(2);
    assertThat(count(server, "keyed")).isEqualTo(1);
    assertThat(trigger("keyed", 5, leading("other"), key)).isEqualTo(there);
  }

  @Test
  void twoOfOneIdempotencyKeyAreTheOtherItemThatTheFirstIsDebouncedTo() {
    String key = "\"idempotencyKey\":\"i\"";

    List<String> runs =
        runs(
            batch(
                item("chunk", 1, leading("k")),
                Debounced.item("chunk", 2, leading("k"), key),
                "{\"task\":\"chunk\",\"payload\":{\"n\":3},\"options\":{" + key + "}}"));

    assertThat(runs).hasSize(3).containsOnly(runs.get(0));
    assertThat(count(server, "chunk")).isEqualTo(1);
    assertThat(trigger("chunk", 4, leading("other"), key)).isEqualTo(runs.get(0));
  }

  @Test
  void keysOfSeveralItemsArePushedTogether() {
    List<String> there =
        IntStream.range(0, 5).mapToObj(n -> trigger("many", n, leading("k" + n), "")).toList();
    String longer = "\"key\":\"k%d\",\"delay\":\"%dh\",\"mode\":\"trailing\"";

    String[] items =
        IntStream.range(0, 5)
            .mapToObj(n -> item("many", 10 + n, longer.formatted(n, 2 + n)))
            .toArray(String[]::new);

    assertThat(runs(batch(items))).isEqualTo(there);
    for (int n = 0; n < 5; n++) {
      assertThat(
              server.query(
                  """
                  select payload, version, delay_until > now() + interval '%d hours',
                    (select at = delay_until from due where ref = run.id and kind = 'DELAY')
                  from run where id = '%s'"""
                      .formatted(1 + n, there.get(n))))
          .containsExactly("{\"n\":" + (10 + n) + "}", "2", "t", "t");
    }
  }

  /** As long a name as may be, of characters of three bytes each. */
  private static String wide(int length, char last) {
    return "\u3042".repeat(length - 1) + last;
  }

  private static String wideTags(char first, int count) {
    JsonArray tags = new JsonArray();
    IntStream.range(0, count).forEach(n -> tags.add(wide(128, (char) (first + n))));
    return "\"tags\":" + tags.encode();
  }

  @Test
  void aRunWhoseNamesAreLongHasNoMoreTagsThanThereIsRoomFor() {
    String task = wide(256, 'a');
    String names =
        ",\"queue\":{\"name\":\"%s\"},\"concurrencyKey\":\"%s\",\"region\":\"%s\",\"lockToVersion\":\"%s\""
            .formatted(wide(256, 'q'), wide(256, 'c'), wide(128, 'r'), wide(128, 'v'));
    List<String> first =
        runs(
            batch(
                Debounced.item(task, 1, trailing("k"), wideTags('a', 4) + names),
                Debounced.item(task, 2, trailing("k"), wideTags('e', 1))));

    List<String> second = runs(batch(Debounced.item(task, 3, trailing("k"), wideTags('f', 5))));

    assertThat(Collections.frequency(first, second.get(0))).isEqualTo(2);
    JsonObject run = server.retrieve(second.get(0));
    assertThat(run.getString("status")).isEqualTo("DELAYED");
    assertThat(run.getJsonObject("payload").getInteger("n")).isEqualTo(3);
    assertThat(run.getJsonArray("tags")).hasSize(6).contains(wide(128, 'a'), wide(128, 'f'));
  }

  @Test
  void parallelBatchesThatNameTheirKeysInOtherOrdersAllCome() {
    String[] there = {item("cross", 1, trailing("a")), item("cross", 2, trailing("b"))};
    String[] back = {there[1], there[0]};

    List<CompletableFuture<JsonObject>> batches =
        IntStream.range(0, 16)
            .mapToObj(n -> CompletableFuture.supplyAsync(() -> batch(n % 2 == 0 ? there : back)))
            .toList();

    batches.forEach(batch -> assertThat(runs(batch.join())).hasSize(2));
    assertThat(count(server, "cross")).isEqualTo(2);
  }
}
