package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import dev.runcast.run.place.Cursor;
import dev.runcast.tokens.KeyRing;
import dev.runcast.tokens.PublicToken;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenVerifier;
import dev.runcast.tokens.Verification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TriggerIT {
  @RegisterExtension static final ApiServer server = new ApiServer();

  @Test
  void aRunIsMadeAndCanBeReadByItsHandle() {
    Reply made =
        trigger("order", "{\"payload\":{\"n\":1.10},\"options\":{\"tags\":[\"a\",\"a\",\"b\"]}}");

    assertThat(made.status()).isEqualTo(200);
    assertThat(made.json().getBoolean("isCached")).isFalse();
    assertThat(Long.parseLong(made.header("x-runcast-position"))).isPositive();
    String id = made.json().getString("id");
    assertThat(id).matches("run_[0-9a-z]{25}");
    Reply read = server.call("GET", "/api/v3/runs/" + id).as(made.header("x-trigger-jwt")).send();
    assertThat(read.status()).isEqualTo(200);
    JsonObject run = read.json();
    assertThat(run.getString("taskIdentifier")).isEqualTo("order");
    assertThat(run.getString("status")).isEqualTo("QUEUED");
    assertThat(run.getBoolean("isQueued")).isTrue();
    assertThat(run.getBoolean("isCompleted")).isFalse();
    assertThat(read.response().body()).contains("\"payload\":{\"n\":1.10}");
    assertThat(run.getJsonArray("tags")).isEqualTo(new JsonArray(List.of("a", "b")));
    assertThat(run.getJsonObject("relatedRuns")).isEqualTo(new JsonObject());
    assertThat(run.getJsonArray("attempts")).isEmpty();
    assertThat(run.getString("queue")).isEqualTo("task/order");
    assertThat(read.response().body()).doesNotContain("null");
    assertThat(read.header("etag")).isEqualTo("\"1\"");
  }

  @Test
  void theHandlesTokenReadsThisRunAloneAndInheritsWhatItsMakerMayNotSee() {
    Reply made = trigger("order", "{}");

    TokenVerifier verifier = new TokenVerifier(InstantSource.system());
    Verification verification =
        verifier.verify(
            made.header("x-trigger-jwt"),
            KeyRing.of("env_dev", KeyRing.Keys.of(SigningKey.of(ApiServer.SECRET))));

    PublicToken token = ((Verification.Valid) verification).token();
    String id = made.json().getString("id");
    assertThat(token.grants().texts())
        .containsExactly("read:runs:" + id, "write:inputStreams:" + id);
    assertThat(Duration.between(token.issuedAt(), token.expiresAt()))
        .isEqualTo(Duration.ofHours(1));
    JsonObject claims = new JsonObject(made.header("x-trigger-jwt-claims"));
    assertThat(claims.getString("sub")).isEqualTo("env_dev");
    assertThat(claims.getBoolean("pub")).isTrue();
  }

  @Test
  void everyOptionIsStored() {
    String parent = server.trigger("parent", "{}");
    String id =
        server.trigger(
            "order",
            """
            {"payload":"{\\"json\\":{\\"d\\":\\"2024-01-01T00:00:00.000Z\\"},\\"meta\\":{\\"values\\":{\\"d\\":[\\"Date\\"]}}}",
             "options":{"payloadType":"application/super+json","payloadSize":12,
              "queue":{"name":"slow"},"concurrencyKey":7,"machine":"small-2x","maxAttempts":3,
              "maxDuration":60.5,"priority":5,"region":"eu","metadata":{"p":0},"tags":"one",
              "test":true,"lockToVersion":"20240101.1","parentRunId":"%s","ttl":90,
              "idempotencyKeyOptions":{"key":"k","scope":"run"},"debounce":{"key":"d","delay":"1s"},
              "resumeParentOnCompletion":true,"unknown":{"deep":[1]}}}"""
                .formatted(parent));

    JsonObject run = server.retrieve(id);
    assertThat(run.getJsonObject("payload").getString("d")).isEqualTo("2024-01-01T00:00:00.000Z");
    assertThat(run.getString("queue")).isEqualTo("slow");
    assertThat(run.getString("ttl")).isEqualTo("90s");
    assertThat(run.getString("region")).isEqualTo("eu");
    assertThat(run.getString("version")).isEqualTo("20240101.1");
    assertThat(run.getBoolean("isTest")).isTrue();
    assertThat(run.getInteger("depth")).isEqualTo(1);
    assertThat(run.getString("triggerFunction")).isEqualTo("triggerAndWait");
    assertThat(run.getJsonObject("metadata")).isEqualTo(new JsonObject().put("p", 0));
    JsonObject related = run.getJsonObject("relatedRuns");
    assertThat(related.getJsonObject("parent").getString("id")).isEqualTo(parent);
    assertThat(related.getJsonObject("root").getString("id")).isEqualTo(parent);
    assertThat(server.retrieve(parent).getJsonObject("relatedRuns").getJsonArray("children"))
        .hasSize(1);
    assertThat(
            server.query(
                "select payload_type, machine, concurrency_key, priority, max_attempts,"
                    + " max_duration_seconds, options::json -> 'debounce' ->> 'key',"
                    + " options::json -> 'unknown' -> 'deep' ->> 0, options::json -> 'metadata'"
                    + " from run where id = '"
                    + id
                    + "'"))
        .containsExactly("application/super+json", "small-2x", "7", "5", "3", "61", "d", "1", null);
  }

  @Test
  void aGrandchildKnowsItsRoot() {
    String root = server.trigger("a", "{}");
    String child = server.trigger("b", "{\"options\":{\"parentRunId\":\"%s\"}}".formatted(root));
    String grandchild =
        server.trigger("c", "{\"options\":{\"parentRunId\":\"%s\"}}".formatted(child));

    JsonObject run = server.retrieve(grandchild);
    assertThat(run.getInteger("depth")).isEqualTo(2);
    assertThat(run.getString("parentRunId")).isEqualTo(child);
    assertThat(run.getString("rootRunId")).isEqualTo(root);
  }

  @Test
  void payloadsComeBackAsWhatTheyWere() {
    assertPayload(
        "{\"payload\":\"text\",\"options\":{\"payloadType\":\"text/plain\"}}", "\"text\"");
    assertPayload("{\"payload\":\"text\"}", "\"text\"");
    assertPayload("{\"payload\":[1,null,{\"a\":[]}]}", "[1,null,{\"a\":[]}]");
    assertPayload(
        "{\"payload\":\"{\\\"a\\\":1}\",\"options\":{\"payloadType\":\"application/json\"}}",
        "{\"a\":1}");
    assertPayload(
        "{\"payload\":\"no json\",\"options\":{\"payloadType\":\"application/json\"}}",
        "\"no json\"");
    assertPayload("{\"payload\":false}", "false");
    assertPayload("{\"payload\":\"a\\u0000b\"}", "\"a\\u0000b\"");
    assertPayload("{\"payload\":\"a\\ud800b \\ud83d\\ude00\"}", "\"a\\ud800b \ud83d\ude00\"");
    assertPayload(
        "{\"payload\":{\"a\\u0000\":12345678901234567890}}", "{\"a\\u0000\":12345678901234567890}");
    assertThat(server.retrieve(server.trigger("t", "{}")).containsKey("payload")).isFalse();
    assertThat(server.retrieve(server.trigger("t", "")).containsKey("payload")).isFalse();
    String stored =
        server.trigger(
            "t", "{\"payload\":\"p/x.json\",\"options\":{\"payloadType\":\"application/store\"}}");
    assertThat(server.retrieve(stored).containsKey("payload")).isFalse();
  }

  private static void assertPayload(String body, String payload) {
    String id = server.trigger("t", body);
    String read = server.call("GET", "/api/v3/runs/" + id).send().response().body();
    assertThat(read).contains("\"payload\":" + payload);
  }

  @Test
  void whatCanNotBeIsRefusedWithTheField() {
    assertRefused(400, "body", "not json");
    assertRefused(400, "body", "[]");
    assertRefused(400, "options", "{\"options\":[]}");
    assertRefused(400, "options.tags", "{\"options\":{\"tags\":[1]}}");
    assertRefused(400, "options.delay", "{\"options\":{\"delay\":\"soon\"}}");
    assertRefused(400, "options.ttl", "{\"options\":{\"ttl\":\"soon\"}}");
    assertRefused(400, "options.test", "{\"options\":{\"test\":\"yes\"}}");
    assertRefused(400, "options.maxAttempts", "{\"options\":{\"maxAttempts\":\"3\"}}");
    assertRefused(422, "options.maxAttempts", "{\"options\":{\"maxAttempts\":0}}");
    assertRefused(422, "options.machine", "{\"options\":{\"machine\":\"huge\"}}");
    assertRefused(422, "options.metadata", "{\"options\":{\"metadata\":[1]}}");
    assertRefused(422, "options.parentRunId", "{\"options\":{\"parentRunId\":\"a/b\"}}");
    assertRefused(422, "parentRunId", "{\"options\":{\"parentRunId\":\"run_nobody\"}}");
    assertRefused(422, "options.delay", "{\"options\":{\"delay\":\"2999-01-01\"}}");
    assertRefused(422, "options.queue.name", "{\"options\":{\"queue\":{\"name\":\"a\\u0000\"}}}");
    assertRefused(
        422,
        "options.idempotencyKey",
        "{\"options\":{\"idempotencyKey\":\"" + "k".repeat(2049) + "\"}}");
    assertRefused(422, "payload", "{\"payload\":{},\"options\":{\"payloadType\":\"text/plain\"}}");
    assertRefused(
        422, "payload", "{\"payload\":\"a\\u0000\",\"options\":{\"payloadType\":\"text/plain\"}}");
    assertRefused(
        422, "payload", "{\"payload\":\"a\\ud800\",\"options\":{\"payloadType\":\"text/plain\"}}");
    assertRefused(
        422,
        "payload",
        "{\"payload\":\"x\",\"options\":{\"payloadType\":\"application/super+json\"}}");
    assertThat(trigger("t%00", "{}").status()).isIn(400, 422);
    assertThat(trigger("t".repeat(257), "{}").status()).isEqualTo(422);
  }

  @Test
  void howARunIsDebouncedIsRefusedWithTheFieldAndTheCure() {
    assertThat(assertDebounceRefused(400, "", "1")).contains("JSON object");
    assertThat(assertDebounceRefused(400, ".key", "{\"delay\":\"5s\"}")).contains("512");
    assertThat(assertDebounceRefused(400, ".key", "{\"key\":\"\",\"delay\":\"5s\"}"))
        .contains("1 to 512 characters");
    assertDebounceRefused(400, ".key", "{\"key\":7,\"delay\":\"5s\"}");
    assertThat(
            assertDebounceRefused(
                422, ".key", "{\"key\":\"" + "k".repeat(513) + "\",\"delay\":\"5s\"}"))
        .contains("513 characters", "limit of 512");
    assertDebounceRefused(422, ".key", "{\"key\":\"a\\u0000\",\"delay\":\"5s\"}");
    assertThat(assertDebounceRefused(400, ".delay", "{\"key\":\"k\"}")).contains("5s");
    assertDebounceRefused(400, ".delay", "{\"key\":\"k\",\"delay\":5}");
    assertDebounceRefused(400, ".delay", "{\"key\":\"k\",\"delay\":\"soon\"}");
    assertDebounceRefused(400, ".delay", "{\"key\":\"k\",\"delay\":\"-5s\"}");
    assertThat(assertDebounceRefused(400, ".delay", "{\"key\":\"k\",\"delay\":\"2099-01-01\"}"))
        .contains("can't be a date");
    assertThat(assertDebounceRefused(400, ".delay", "{\"key\":\"k\",\"delay\":\"5300w\"}"))
        .contains("100 years");
    assertThat(assertDebounceRefused(422, ".delay", "{\"key\":\"k\",\"delay\":\"0s\"}"))
        .contains("at least 1s");
    assertThat(
            assertDebounceRefused(
                422, ".mode", "{\"key\":\"k\",\"delay\":\"5s\",\"mode\":\"last\"}"))
        .contains("leading", "trailing");
    assertDebounceRefused(
        400, ".maxDelay", "{\"key\":\"k\",\"delay\":\"5s\",\"maxDelay\":\"long\"}");
    for (String bound : new String[] {"4s", "5s"}) {
      assertThat(
              assertDebounceRefused(
                  422,
                  ".maxDelay",
                  "{\"key\":\"k\",\"delay\":\"5s\",\"maxDelay\":\"" + bound + "\"}"))
          .contains("longer than options.debounce.delay");
    }
    assertRefused(
        422,
        "options.delay",
        "{\"options\":{\"delay\":\"2020-01-01\",\"debounce\":{\"key\":\"k\",\"delay\":\"5s\"}}}");
    server.trigger(
        "t", "{\"options\":{\"debounce\":{\"key\":\"" + "€".repeat(512) + "\",\"delay\":\"5s\"}}}");
  }

  private static String assertDebounceRefused(int status, String param, String debounce) {
    return assertRefused(
        status, "options.debounce" + param, "{\"options\":{\"debounce\":" + debounce + "}}");
  }

  @Test
  void limitsAreNamedWhenTheyArePassed() {
    String eleven =
        String.join(",", IntStream.range(0, 11).mapToObj(n -> "\"t" + n + "\"").toList());
    assertThat(assertRefused(422, "options.tags", "{\"options\":{\"tags\":[" + eleven + "]}}"))
        .contains("11 tags", "limit of 10");
    assertThat(
            assertRefused(
                422, "options.tags", "{\"options\":{\"tags\":\"" + "x".repeat(129) + "\"}}"))
        .contains("129 characters", "limit of 128");
    assertThat(assertRefused(413, "payload", "{\"payload\":\"" + "é".repeat(100_001) + "\"}"))
        .contains("200004 bytes", "limit of 200000");
    assertThat(
            assertRefused(
                413,
                "options.metadata",
                "{\"options\":{\"metadata\":{\"a\":\"" + "x".repeat(2_000) + "\"}}}"))
        .contains("limit of 2000");
    assertThat(assertRefused(422, "body", "{\"payload\":" + "[".repeat(30) + "]".repeat(30) + "}"))
        .contains("deeper than 30 levels");
    Reply large = trigger("t", "{\"payload\":\"" + "x".repeat(ApiServer.MAX_BODY) + "\"}");
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.error()).isNotBlank();
  }

  @Test
  void theLimitsThemselvesAreAllowed() {
    String ten =
        String.join(
            ",", IntStream.range(0, 10).mapToObj(n -> "\"" + n + "€".repeat(127) + "\"").toList());
    server.trigger("t", "{\"options\":{\"tags\":[" + ten + "]}}");
    server.trigger("t", "{\"payload\":" + "[".repeat(29) + "]".repeat(29) + "}");
    server.trigger("t", "{\"payload\":\"" + "x".repeat(199_998) + "\"}");
  }

  @Test
  void shortColumnsThatAreTooLongTogetherAreRefusedInWords() {
    String ten =
        String.join(
            ",", IntStream.range(0, 10).mapToObj(n -> "\"" + n + "€".repeat(127) + "\"").toList());
    String long256 = "€".repeat(256);

    Reply reply =
        trigger(
            "%E2%82%AC".repeat(256),
            """
            {"options":{"tags":[%s],"concurrencyKey":"%s","queue":{"name":"%s"},
             "region":"%s","lockToVersion":"%s","idempotencyKey":"k","payloadType":"%s"},"payload":"x"}"""
                .formatted(
                    ten, long256, long256, "€".repeat(128), "€".repeat(128), "€".repeat(128)));

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.error()).contains("bytes together").contains("fewer or shorter tags");
  }

  @Test
  void onlyScopesForTheTaskTrigger() {
    assertThat(as(ApiServer.token("trigger:tasks:a"), "a", "{}").status()).isEqualTo(200);
    assertThat(as(ApiServer.token("trigger:tasks"), "a", "{}").status()).isEqualTo(200);
    assertThat(as(ApiServer.token("trigger:tasks:b"), "a", "{}").status()).isEqualTo(403);
    assertThat(as(ApiServer.token("write:tasks:a"), "a", "{}").status()).isEqualTo(403);
    assertThat(as(ApiServer.token("read:runs"), "a", "{}").status()).isEqualTo(403);
    assertThat(as("tr_dev_nobody", "a", "{}").status()).isEqualTo(401);
  }

  @Test
  void aDelayedRunWaitsAndItsTimesAreSet() {
    Instant at = Instant.parse("2060-01-01T00:00:00Z");
    String id = server.trigger("later", "{\"options\":{\"delay\":\"" + at + "\",\"ttl\":\"10m\"}}");

    JsonObject run = server.retrieve(id);
    assertThat(run.getString("status")).isEqualTo("DELAYED");
    assertThat(run.getString("delayedUntil")).isEqualTo("2060-01-01T00:00:00.000Z");
    assertThat(server.dues).contains(at);
    assertThat(
            server.query(
                "select string_agg(kind || ' ' || (at at time zone 'UTC')::text, ', ' order by kind) from due where ref = '"
                    + id
                    + "'"))
        .containsExactly("DELAY 2060-01-01 00:00:00, TTL 2060-01-01 00:10:00");
    assertThat(
            server
                .retrieve(server.trigger("later", "{\"options\":{\"delay\":\"2020-01-01\"}}"))
                .getString("status"))
        .isEqualTo("QUEUED");
  }

  @Test
  void readsCarryACursorThatNeverRunsAheadOfTheStream() {
    String id = server.trigger("cursor", "{}");

    Cursor ahead =
        Cursor.parse(server.call("GET", "/api/v3/runs/" + id).send().header("x-runcast-cursor"));
    server.newest = Cursor.ofRead(server.newest.incarnation(), 5);
    Cursor behind =
        Cursor.parse(server.call("GET", "/api/v3/runs/" + id).send().header("x-runcast-cursor"));
    server.newest = Cursor.ofRead(server.newest.incarnation(), Long.MAX_VALUE);

    assertThat(ahead.incarnation()).isEqualTo(server.newest.incarnation());
    assertThat(ahead.position()).isNull();
    assertThat(ahead.horizon()).isBetween(6L, 1_000_000_000L);
    assertThat(behind.horizon()).isEqualTo(5);
  }

  @Test
  void anotherEnvironmentsRunIsUnknown() {
    String id = server.trigger("mine", "{}");

    Reply read = server.call("GET", "/api/v3/runs/" + id).as(ApiServer.OTHER_SECRET).send();
    Reply child =
        server
            .call("POST", "/api/v1/tasks/x/trigger")
            .as(ApiServer.OTHER_SECRET)
            .json("{\"options\":{\"parentRunId\":\"" + id + "\"}}")
            .send();

    assertThat(read.status()).isEqualTo(404);
    assertThat(child.status()).isEqualTo(422);
    assertThat(server.call("GET", "/api/v3/runs/run_nobody").send().status()).isEqualTo(404);
    assertThat(server.call("GET", "/api/v3/runs/a%2Fb").send().status()).isEqualTo(404);
  }

  private static Reply trigger(String task, String body, String... headers) {
    return server.triggering(task, body).headers(headers).send();
  }

  private static Reply as(String token, String task, String body, String... headers) {
    return server.triggering(task, body).as(token).headers(headers).send();
  }

  private static String assertRefused(int status, String param, String body) {
    Reply reply = trigger("t", body);
    assertThat(reply.response().body()).contains("\"param\":\"" + param + "\"");
    assertThat(reply.status()).as(body).isEqualTo(status);
    return reply.error();
  }
}
