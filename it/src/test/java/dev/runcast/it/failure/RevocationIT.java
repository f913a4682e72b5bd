package dev.runcast.it.failure;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.Pair;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import dev.runcast.it.harness.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A token that is revoked at one node of two ends what it opened at both. */
class RevocationIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Pair pair;
  private static Node leader;
  private static Node follower;
  private static RunWriter sql;
  private static TestTokens tokens;

  @BeforeAll
  static void start() {
    TestDatabase database = Shared.postgres().database();
    pair = Pair.start(database);
    leader = pair.leader();
    follower = pair.follower();
    sql = new RunWriter(database, leader.api().environment());
    tokens = new TestTokens(leader.api().environment(), leader.secretKey());
  }

  @AfterAll
  static void stop() {
    pair.close();
  }

  private static List<Node> nodes() {
    return List.of(leader, follower);
  }

  private static void revoke(Node node, String token) {
    node.api().post("/api/v1/auth/revoke", Map.of("jti", jti(token))).expect(200);
  }

  private static String jti(String token) {
    try {
      return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]))
          .get("jti")
          .asText();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int read(Node node, String run, String token) {
    return node.api(token).get("/api/v3/runs/" + run).status();
  }

  @Test
  void feedsOfEventsEndAtBothNodesAndTellNothingMore() {
    String id = sql.insert(run());
    String token = tokens.granting("read:runs:" + id);
    String path = "/realtime/v1/runs/" + id;
    List<SseProbe> revoked = nodes().stream().map(node -> node.follow(path, token)).toList();
    List<SseProbe> others = nodes().stream().map(node -> node.follow(path)).toList();
    try {
      Stream.concat(revoked.stream(), others.stream()).forEach(SseProbe::awaitLive);
      sql.update(id, "status = 'EXECUTING'");
      revoked.forEach(probe -> probe.awaitStatus(id, "EXECUTING"));

      revoke(leader, token);
      assertThat(read(leader, id, token)).as("at once where it was asked for").isEqualTo(401);
      sql.update(id, "status = 'COMPLETED_SUCCESSFULLY'");

      for (SseProbe probe : revoked) {
        probe.awaitDisconnected();
        assertThat(probe.status(id)).isEqualTo("EXECUTING");
        Frame last = probe.frames().get(probe.frames().size() - 1);
        assertThat(last.name()).isEqualTo("end");
        assertThat(last.data().path("reason").asText()).isEqualTo("revoked");
        assertThat(last.data().path("retryable").asBoolean()).isFalse();
        assertThat(last.data().path("position").asText()).matches("[0-9A-F]+/[0-9A-F]+");
      }
      others.forEach(probe -> probe.awaitStatus(id, "COMPLETED"));
      assertThat(read(follower, id, token)).as("its feeds have ended there").isEqualTo(401);
      try (SseProbe again = follower.follow(path, token)) {
        assertThat(again.awaitRefusal().error()).containsIgnoringCase("revoked");
      }
    } finally {
      revoked.forEach(SseProbe::close);
      others.forEach(SseProbe::close);
    }
  }

  @Test
  void aHeldTurnOfTheLongPollIsRefusedAndAStreamBreaksOff() throws Exception {
    String id = sql.insert(run().at("EXECUTING"));
    String token = tokens.granting("read:runs:" + id);
    List<CompletableFuture<HttpResponse<String>>> turns = new ArrayList<>();
    List<CompletableFuture<Long>> streams = new ArrayList<>();
    for (Node node : nodes()) {
      turns.add(heldTurn(node, "/realtime/v1/runs/" + id, token));
      streams.add(chunks(node, "/realtime/v1/streams/" + id + "/log", token));
    }

    revoke(follower, token);
    leader.api().send("POST", "/realtime/v1/streams/" + id + "/self/log", "1\n", Map.of());

    for (CompletableFuture<HttpResponse<String>> turn : turns) {
      assertThat(turn.join().statusCode()).as(turn.join().body()).isEqualTo(401);
    }
    for (CompletableFuture<Long> stream : streams) {
      assertThat(stream.handle((chunks, broken) -> broken == null ? chunks : 0L).join()).isZero();
    }
  }

  private static CompletableFuture<HttpResponse<String>> heldTurn(
      Node node, String path, String token) throws Exception {
    HttpResponse<String> first =
        HTTP.send(request(node, path + "?offset=-1", token), BodyHandlers.ofString());
    assertThat(first.statusCode()).isEqualTo(200);
    String offset = first.headers().firstValue("electric-offset").orElseThrow();
    String handle = first.headers().firstValue("electric-handle").orElseThrow();
    return HTTP.sendAsync(
        request(node, path + "?live=true&offset=" + offset + "&handle=" + handle, token),
        BodyHandlers.ofString());
  }

  /** How many chunks it carries until it ends. */
  private static CompletableFuture<Long> chunks(Node node, String path, String token)
      throws Exception {
    HttpResponse<Stream<String>> opened =
        HTTP.send(request(node, path, token), BodyHandlers.ofLines());
    assertThat(opened.statusCode()).isEqualTo(200);
    return CompletableFuture.supplyAsync(
        () -> opened.body().filter(line -> line.startsWith("data:")).count());
  }

  private static HttpRequest request(Node node, String path, String token) {
    return HttpRequest.newBuilder(URI.create(node.url() + path))
        .header("authorization", "Bearer " + token)
        .build();
  }

  @Test
  void onASocketOneSubscriptionEndsAndARenewedOneLivesOn() {
    String id = sql.insert(run());
    String first = tokens.granting("read:runs:" + id);
    String second = tokens.granting("read:runs:" + id);
    try (SocketEvents socket = new SocketEvents(follower)) {
      for (String name : List.of("ends", "renewed")) {
        socket.subscribe(name, "/realtime/v1/runs/" + id, first);
      }
      socket.subscribe("other", "/realtime/v1/runs/" + id, follower.secretKey());
      for (String name : List.of("ends", "renewed", "other")) {
        socket.await(name, "live");
      }
      socket.send(Map.of("type", "renew", "subscription", "renewed", "token", second));
      socket.await("renewed", "renewed");

      revoke(leader, first);
      assertThat(socket.await("ends", "end").path("reason").asText()).isEqualTo("revoked");
      sql.update(id, "status = 'EXECUTING'");

      socket.await("renewed", "run");
      socket.await("other", "run");
      assertThat(socket.has("ends", "run")).isFalse();
      socket.send(Map.of("type", "renew", "subscription", "other", "token", first));
      assertThat(socket.await("other", "error").path("status").asInt()).isEqualTo(401);
    }
  }

  @Test
  void whatOpensAroundARevocationTellsNothingThatIsWrittenAfterIt() {
    String id = sql.insert(run());
    String token = tokens.granting("read:runs:" + id);
    List<SseProbe> probes = new ArrayList<>();
    try {
      CompletableFuture<Void> revoked = CompletableFuture.runAsync(() -> revoke(leader, token));
      while (!revoked.isDone() || probes.size() < 10) {
        for (Node node : nodes()) {
          probes.add(node.follow("/realtime/v1/runs/" + id, token));
        }
      }
      revoked.join();
      sql.update(id, "status = 'EXECUTING'");

      for (SseProbe probe : probes) {
        probe.awaitDisconnected();
        assertThat(probe.frames())
            .noneMatch(frame -> frame.data().toString().contains("EXECUTING"));
      }
    } finally {
      probes.forEach(SseProbe::close);
    }
  }

  @Test
  void aNodeThatWasAwayEndsWhatWasRevokedMeanwhile() {
    String id = sql.insert(run());
    String token = tokens.granting("read:runs:" + id);
    try (SseProbe probe = follower.follow("/realtime/v1/runs/" + id, token).awaitLive()) {
      follower.freeze();
      try {
        revoke(leader, token);
        sql.update(id, "status = 'EXECUTING'");
      } finally {
        follower.thaw();
      }

      probe.awaitDisconnected();
      assertThat(probe.status(id)).isEqualTo("QUEUED");
      Await.until("requests to be refused", () -> read(follower, id, token) == 401);
    }
  }

  @Test
  void aKeyThatIsRotatedAwayWithoutGraceEndsItsFeedsAtOnce() {
    String id = sql.insert(run());
    String key = "tr_dev_another_key_of_the_same_environment_0123456789";
    sql.database()
        .execute(
            "insert into secret_key (digest, environment_id, sealed, master_key_id, created_at)"
                + " select sha256(?::bytea), environment_id, sealed, master_key_id, now() - interval '1 h'"
                + " from secret_key limit 1",
            key);
    try (SseProbe probe = follower.follow("/realtime/v1/runs/" + id, key).awaitLive();
        SseProbe other = follower.follow("/realtime/v1/runs/" + id).awaitLive()) {
      sql.database()
          .execute(
              "update secret_key set valid_until = now() where digest = sha256(?::bytea)", key);

      probe.awaitDisconnected();
      assertThat(probe.frames("end").get(0).data().path("reason").asText()).isEqualTo("revoked");
      assertThat(read(follower, id, key)).isEqualTo(401);
      sql.update(id, "status = 'EXECUTING'");
      other.awaitStatus(id, "EXECUTING");
    }
  }

  @Test
  void aKeyThatIsAcceptedForAWhileEndsItsFeedsThen() {
    String id = sql.insert(run());
    String key = "tr_dev_yet_another_key_of_the_environment_0123456789";
    sql.database()
        .execute(
            "insert into secret_key (digest, environment_id, sealed, master_key_id, created_at)"
                + " select sha256(?::bytea), environment_id, sealed, master_key_id, now() - interval '1 h'"
                + " from secret_key limit 1",
            key);
    try (SseProbe probe = leader.follow("/realtime/v1/runs/" + id, key).awaitLive()) {
      sql.database()
          .execute(
              "update secret_key set valid_until = now() + interval '4 s'"
                  + " where digest = sha256(?::bytea)",
              key);

      probe.awaitFrame("a warning", frame -> frame.name().equals("token-expiring"));
      probe.awaitDisconnected();
      assertThat(probe.frames("end").get(0).data().path("reason").asText())
          .isEqualTo("token-expired");
    }
  }
}
