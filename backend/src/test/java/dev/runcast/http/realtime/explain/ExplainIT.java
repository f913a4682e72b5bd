package dev.runcast.http.realtime.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.sse.FeedServer;
import dev.runcast.http.realtime.sse.RawClient;
import dev.runcast.http.server.ServerOptions;
import dev.runcast.run.RunStatus;
import dev.runcast.subscribe.Limits;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answer to "why do I not see this run?", for each rule that may be the reason. */
class ExplainIT {
  private static Vertx vertx;
  private static FeedServer server;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    server =
        FeedServer.start(
            vertx, ServerOptions.clear("127.0.0.1", 0), FeedServer.unhurried(), new Limits(3, 2));
    server.commit(server.table.row("run_1", 1, RunStatus.EXECUTING, "1", "a", "b"));
    server.commit(server.table.row("run_2", 1, RunStatus.DELETED, "1", "a"));
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "runs | run_1 | read:runs | none",
        "runs?tags=a,b&status=EXECUTING,QUEUED | run_1 | read:runs | none",
        "runs/run_1 | run_1 | read:tags:b | none",
        "runs?tags=a | run_1 | read:tags:a | none",
        "runs | run_1 | read:tags:a | scope",
        "runs?tags=a | run_1 | read:tags:b | scope",
        "runs?tags=a,c | run_1 | read:runs | tag",
        "batches/batch_1 | run_1 | read:runs | batch",
        "runs?parent=run_9 | run_1 | read:runs | parent",
        "runs/run_9 | run_1 | read:runs | run",
        "runs?status=QUEUED | run_1 | read:runs | status",
        "runs?taskIdentifier=other | run_1 | read:runs | taskIdentifier",
        "runs?createdAt=2999-01-01T00:00:00Z | run_1 | read:runs | createdAt",
        "runs?tags=c&status=QUEUED | run_1 | read:runs | tag,status",
        "runs | run_2 | read:runs | deleted",
        "runs | run_9 | read:runs | unknown",
        "runs?tags=c | run_1 | read:tags:c | unknown",
        "runs/run_1 | run_1 | write:runs | unknown",
      })
  void namesTheRulesThatStopARun(String feed, String run, String scope, String rules)
      throws Exception {
    JsonObject answer = ask(run, "/realtime/v1/" + feed, token(scope), 200);

    assertThat(rules(answer)).isEqualTo(rules == null ? "" : rules);
    assertThat(answer.getBoolean("reaches")).isEqualTo(rules == null);
    assertThat(answer.getJsonArray("reasons"))
        .allSatisfy(
            reason -> assertThat(((JsonObject) reason).getString("explanation")).endsWith("."));
  }

  @Test
  void namesTheColumnsThatAreLeftOut() throws Exception {
    JsonObject answer =
        ask("run_1", "/realtime/v1/runs?skipColumns=payload,id", token("read:runs"), 200);

    assertThat(answer.getJsonArray("skipColumns")).containsExactly("payload");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run_1 | /api/v1/runs | 400",
        "run_1 | /realtime/v1/runs?status=NEVER | 400",
        "run_1 | /realtime/v1/runs?offset=-1 | 400",
        "run.1 | /realtime/v1/runs | 404",
      })
  void refusesWhatIsNoQuestion(String run, String feed, int status) throws Exception {
    assertThat(ask(run, feed, token("read:runs"), status).getString("error")).endsWith(".");
  }

  @Test
  void answersNobodyWithoutAToken() throws Exception {
    ask("run_1", "/realtime/v1/runs", "tr_dev_wrong", 401);
  }

  private static JsonObject ask(String run, String feed, String token, int status)
      throws Exception {
    String path =
        "/realtime/v1/explain?run="
            + run
            + "&feed="
            + URLEncoder.encode(feed, StandardCharsets.UTF_8);
    try (RawClient client =
        RawClient.connect(server.port())
            .send(
                "GET %s HTTP/1.1\r\nhost: test\r\nconnection: close\r\nauthorization: Bearer %s\r\n\r\n"
                    .formatted(path, token))) {
      assertThat(client.status()).isEqualTo(status);
      return new JsonObject(client.rest());
    }
  }

  private static String rules(JsonObject answer) {
    return String.join(
        ",",
        answer.getJsonArray("reasons").stream()
            .map(reason -> ((JsonObject) reason).getString("rule"))
            .toList());
  }

  private static String token(String scope) {
    return new TokenIssuer(FeedServer.ENV.value(), SigningKey.of(FeedServer.SECRET))
        .issue(Grants.of(scope), Expiry.after(Duration.ofHours(1)));
  }
}
