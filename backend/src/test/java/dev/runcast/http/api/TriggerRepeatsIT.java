package dev.runcast.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.api.ApiServer.Reply;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is triggered more than once, by keys of all kinds and by tokens that are good once. */
class TriggerRepeatsIT {
  private static final String KEY = "x-trigger-request-idempotency-key";

  @RegisterExtension static final ApiServer server = new ApiServer();

  private static String idempotencyKey(String key) {
    return "{\"options\":{\"idempotencyKey\":\"" + key + "\"}}";
  }

  private static Reply trigger(String task, String body, String... headers) {
    return server.triggering(task, body).headers(headers).send();
  }

  private static Reply as(String token, String task, String body, String... headers) {
    return server.triggering(task, body).as(token).headers(headers).send();
  }

  @Test
  void anIdempotencyKeyGivesTheSameRunUntilThatHasFailed() {
    Reply first = trigger("idem", idempotencyKey("k1"));
    Reply second = trigger("idem", idempotencyKey("k1"));
    Reply otherTask = trigger("idem2", idempotencyKey("k1"));
    String id = first.json().getString("id");

    assertThat(first.json().getBoolean("isCached")).isFalse();
    assertThat(second.json()).isEqualTo(new JsonObject().put("id", id).put("isCached", true));
    assertThat(second.header("x-trigger-jwt")).isNotNull();
    assertThat(otherTask.json().getString("id")).isNotEqualTo(id);
    assertThat(server.retrieve(id).getString("idempotencyKey")).isEqualTo("k1");

    server.patch(id, "{\"status\":\"CANCELED\"}");
    assertThat(trigger("idem", idempotencyKey("k1")).json().getString("id")).isEqualTo(id);

    Reply third = trigger("idem", idempotencyKey("k2"));
    server.patch(third.json().getString("id"), "{\"status\":\"FAILED\",\"error\":\"no\"}");
    Reply fourth = trigger("idem", idempotencyKey("k2"));
    assertThat(fourth.json().getBoolean("isCached")).isFalse();
    assertThat(trigger("idem", idempotencyKey("k2")).json().getString("id"))
        .isEqualTo(fourth.json().getString("id"));
  }

  @Test
  void anIdempotencyKeyEndsWithItsTime() {
    Reply first =
        trigger("idem3", "{\"options\":{\"idempotencyKey\":\"k\",\"idempotencyKeyTTL\":\"1h\"}}");
    server.postgres.execute(
        "update idempotency_key set expires_at = now() - interval '1s' where task_identifier = 'idem3'");
    Reply second = trigger("idem3", idempotencyKey("k"));

    assertThat(second.json().getBoolean("isCached")).isFalse();
    assertThat(second.json().getString("id")).isNotEqualTo(first.json().getString("id"));
  }

  @Test
  void theHeaderIsAnIdempotencyKeyTooAndTheBodyGoesBeforeIt() {
    Reply first = trigger("idem4", "{}", "idempotency-key", "h");
    Reply second = trigger("idem4", idempotencyKey("h"));
    Reply third = trigger("idem4", idempotencyKey("b"), "idempotency-key", "h");

    assertThat(second.json().getString("id")).isEqualTo(first.json().getString("id"));
    assertThat(third.json().getString("id")).isNotEqualTo(first.json().getString("id"));
  }

  @Test
  void parallelTwinsOfOneIdempotencyKeyMakeOneRun() {
    List<CompletableFuture<Reply>> replies =
        IntStream.range(0, 12)
            .mapToObj(
                n ->
                    server
                        .call("POST", "/api/v1/tasks/twins/trigger")
                        .json(idempotencyKey("€".repeat(2048)))
                        .start())
            .toList();

    assertThat(replies.stream().map(reply -> reply.join().json().getString("id")).distinct())
        .hasSize(1);
    assertThat(replies.stream().filter(reply -> !reply.join().json().getBoolean("isCached")))
        .hasSize(1);
    assertThat(server.query("select count(*) from run where task_identifier = 'twins'"))
        .containsExactly("1");
  }

  @Test
  void aRepeatedRequestIsGivenTheFirstAnswerWithANewToken() {
    Reply first = trigger("rep", "{\"payload\":1}", KEY, "r1");
    Reply second = trigger("rep", "{\"payload\":1}", KEY, "r1");
    Reply otherKey = trigger("rep", "{\"payload\":1}", KEY, "r2");

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.response().body()).isEqualTo(first.response().body());
    assertThat(second.header("x-runcast-position")).isEqualTo(first.header("x-runcast-position"));
    assertThat(second.header("x-trigger-jwt")).isNotEqualTo(first.header("x-trigger-jwt"));
    assertThat(otherKey.json().getString("id")).isNotEqualTo(first.json().getString("id"));
    assertThat(server.query("select count(*) from request_result where body like '%eyJ%'"))
        .containsExactly("0");
  }

  @Test
  void aRequestKeyWithAnotherBodyIsRefusedAndBelongsToOneRouteAndPrincipal() {
    trigger("rep2", "{\"payload\":1}", KEY, "r1");
    Reply otherBody = trigger("rep2", "{\"payload\":2}", KEY, "r1");
    Reply otherRoute = trigger("rep3", "{\"payload\":2}", KEY, "r1");
    Reply otherPrincipal =
        server
            .call("POST", "/api/v1/tasks/rep2/trigger")
            .as(ApiServer.token("trigger:tasks"))
            .headers(KEY, "r1")
            .json("{\"payload\":2}")
            .send();

    assertThat(otherBody.status()).isEqualTo(422);
    assertThat(otherBody.error()).contains("another body");
    assertThat(otherRoute.status()).isEqualTo(200);
    assertThat(otherPrincipal.status()).isEqualTo(200);
    assertThat(trigger("rep2", "{}", KEY, "k".repeat(257)).status()).isEqualTo(400);
  }

  @Test
  void parallelTwinsOfOneRequestMakeOneRun() {
    List<CompletableFuture<Reply>> replies =
        IntStream.range(0, 12)
            .mapToObj(
                n ->
                    server
                        .call("POST", "/api/v1/tasks/rtwins/trigger")
                        .headers(KEY, "same")
                        .json("{\"payload\":{\"a\":1}}")
                        .start())
            .toList();

    assertThat(replies.stream().map(reply -> reply.join().response().body()).distinct()).hasSize(1);
    assertThat(server.query("select count(*) from run where task_identifier = 'rtwins'"))
        .containsExactly("1");
  }

  @Test
  void aFailedRequestLeavesNoAnswerBehind() {
    Reply refused = trigger("rep4", "{\"options\":{\"parentRunId\":\"nobody\"}}", KEY, "f1");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(server.query("select count(*) from request_result where route like '%rep4%'"))
        .containsExactly("0");
    assertThat(trigger("rep4", "{}", KEY, "f1").status()).isEqualTo(200);
  }

  @Test
  void aOneTimeTokenTriggersOnceAndItsRepetitionIsAnswered() {
    String token = ApiServer.oneTimeToken("trigger:tasks:otu");
    Reply first = as(token, "otu", "{}", KEY, "o1");
    Reply again = as(token, "otu", "{}", KEY, "o1");
    Reply second = as(token, "otu", "{}", KEY, "o2");
    Reply third = as(token, "otu", "{}");

    assertThat(first.status()).isEqualTo(200);
    assertThat(again.json().getString("id")).isEqualTo(first.json().getString("id"));
    assertThat(second.status()).isEqualTo(422);
    assertThat(second.error()).endsWith("one-time use token, as it has already been used.");
    assertThat(third.status()).isEqualTo(422);
    assertThat(server.query("select count(*) from run where task_identifier = 'otu'"))
        .containsExactly("1");
  }

  @Test
  void aOneTimeTokenIsNotUsedUpByARefusal() {
    String token = ApiServer.oneTimeToken("trigger:tasks:otu2", "read:runs:nobody");

    assertThat(as(token, "otu2", "{\"options\":{\"parentRunId\":\"nobody\"}}").status())
        .isEqualTo(422);
    assertThat(as(token, "otu2", "{}").status()).isEqualTo(200);
  }
}
