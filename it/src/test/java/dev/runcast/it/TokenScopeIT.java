package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TestDatabase;
import dev.runcast.it.harness.TestTokens;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may follow what, both ways, and how a refusal reads. */
class TokenScopeIT {
  private static final String MISSING = "run_thatNobodyEverMade";

  private static String run;
  private static String batch;
  private static String tag;

  @BeforeAll
  static void makeARun() {
    batch = Shared.sql().insertBatch(1);
    tag = name("user:1:");
    run = Shared.sql().insert(run().inBatch(batch).tagged(tag, "shared"));
  }

  @ParameterizedTest
  @CsvSource({
    "run,    read:runs",
    "run,    read:runs:{run}",
    "run,    read:tasks:it-task",
    "run,    read:tasks",
    "run,    read:tags:{tag}",
    "run,    read:tags:shared",
    "run,    read:batch:{batch}",
    "run,    read:all",
    "run,    *:runs",
    "run,    admin",
    "tags,   read:runs",
    "tags,   read:tags",
    "tags,   read:tags:{tag}",
    "batch,  read:runs",
    "batch,  read:batch",
    "batch,  read:batch:{batch}",
    "parent, read:runs",
    "parent, read:runs:{run}",
    "all,    read:runs",
    "all,    admin"
  })
  void letsIn(String feed, String scope) {
    String token = Shared.tokens().granting(filled(scope));
    try (SseProbe probe = Shared.node().follow(path(feed), token)) {
      probe.awaitLive();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "run,    ''",
    "run,    read:runs:run_other",
    "run,    read:tasks:other",
    "run,    read:tags:other",
    "run,    read:batch:batch_other",
    "run,    write:runs",
    "run,    trigger:tasks",
    "tags,   read:tags:other",
    "tags,   read:runs:{run}",
    "tags,   read:tasks",
    "tags,   read:batch:{batch}",
    "batch,  read:batch:batch_other",
    "batch,  read:runs:{run}",
    "batch,  read:tags:{tag}",
    "parent, read:runs:run_other",
    "parent, read:tags:{tag}",
    "all,    read:runs:{run}",
    "all,    read:tags",
    "all,    read:tags:{tag}",
    "all,    read:batch"
  })
  void keepsOut(String feed, String scope) {
    String token =
        scope.isEmpty() ? Shared.tokens().granting() : Shared.tokens().granting(filled(scope));
    try (SseProbe probe = Shared.node().follow(path(feed), token)) {
      Answer refusal = probe.awaitRefusal();

      assertThat(refusal.status()).isEqualTo(403);
      assertThat(refusal.json().path("code").asText()).isEqualTo("unauthorized");
      assertThat(refusal.json().path("param").asText()).isEqualTo("access_token");
      assertThat(refusal.json().path("type").asText()).isEqualTo("authorization");
      assertThat(refusal.error()).contains("scopes").doesNotContain(tag);
    }
  }

  static Stream<String> credentialsOfNobody() {
    TestTokens tokens = Shared.tokens();
    String good = tokens.granting("read:runs");
    String[] parts = good.split("\\.", -1);
    return Stream.of(
        "",
        "tr_dev_notAKeyOfThisServer0123456789abcdefghijk",
        tokens.expired("read:runs"),
        new TestTokens(tokens.environment(), "tr_dev_forged_key_0123456789abcdef0123456789ab")
            .granting("read:runs"),
        new TestTokens("env_unknown", Shared.node().secretKey()).granting("read:runs"),
        parts[0] + "." + parts[1] + ".",
        "eyJhbGciOiJub25lIn0." + parts[1] + ".",
        parts[0] + "." + parts[1] + "x." + parts[2],
        "a.b.c");
  }

  @ParameterizedTest
  @MethodSource("credentialsOfNobody")
  void letsNobodyInWithoutACredential(String credential) {
    try (SseProbe probe = Shared.node().follow(path("all"), credential)) {
      Answer refusal = probe.awaitRefusal();

      assertThat(refusal.status()).isEqualTo(401);
      assertThat(refusal.error()).isNotBlank();
      assertThat(refusal.json().path("type").asText()).isEqualTo("authentication");
      assertThat(refusal.body()).doesNotContain(Shared.node().secretKey());
    }
  }

  @Test
  void takesATokenInTheQueryForPagesThatCantSetHeaders() {
    String token = Shared.tokens().granting("read:runs:" + run);
    String path = "/realtime/v1/runs/" + run + "?access_token=" + token;
    try (SseProbe probe = Shared.node().follow(path, "")) {
      probe.awaitLive();

      assertThat(Shared.node().log()).doesNotContain(token);
    }
  }

  @Test
  void anotherEnvironmentsTokenSeesNothingOfThisOne() {
    String other = name("env");
    RunWriter sql = Shared.sql();
    sql.database()
        .execute(
            "insert into environment (id, project_id, slug) select ?, id, ? from project limit 1",
            other,
            other);
    String theirs = new RunWriter(sql.database(), other).insert(run());

    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs/" + theirs)) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(404);
    }
  }

  @Test
  void tellsWhatIsNotThereFromWhatIsNotAllowed() {
    try (SseProbe missing = Shared.node().follow("/realtime/v1/runs/" + MISSING)) {
      assertThat(missing.awaitRefusal().status()).isEqualTo(404);
      assertThat(missing.awaitRefusal().error()).contains(MISSING);
      assertThat(missing.awaitHead().headers()).containsEntry("x-should-retry", "false");
    }
    // Which scopes would do depends on the run's task, tags and batch: there are none to go by.
    String stranger = Shared.tokens().granting("read:runs:run_other");
    try (SseProbe probe = Shared.node().follow("/realtime/v1/runs/" + MISSING, stranger)) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(404);
    }
    try (SseProbe probe = Shared.node().follow("/realtime/v1/batches/batch_missing", stranger)) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(403);
    }
    try (SseProbe probe = Shared.node().follow("/realtime/v1/batches/batch_missing")) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/realtime/v1/runs?createdAt=soon,             createdAt",
    "/realtime/v1/runs?after=here,                 after",
    "/realtime/v1/runs?parent=not%20an%20id,       parent",
    "/realtime/v1/runs?stopOnCompletion=true,      stopOnCompletion",
    "/realtime/v1/runs/{run}?tags=a,               tags",
    "/realtime/v1/runs/{run}?stopOnCompletion=why, stopOnCompletion"
  })
  void namesTheFieldThatItDoesNotUnderstand(String path, String field) {
    try (SseProbe probe = Shared.node().follow(filled(path))) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(400);
      assertThat(probe.awaitRefusal().error()).contains(field);
      assertThat(probe.awaitRefusal().json().path("param").asText()).isEqualTo(field);
    }
  }

  @Test
  void namesBothProtocolsWhenNeitherWasAskedFor() {
    Answer answer = Shared.api().send("GET", "/realtime/v1/runs", null, Map.of());

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).contains("text/event-stream", "offset");
  }

  @Test
  void refusesMoreSubscriptionsThanATokenMayHave() {
    TestDatabase database = Shared.postgres().database();
    NodeSpec spec = NodeSpec.serve(database).with("--max-token-subscriptions", "2");
    try (Node node = Node.start(spec)) {
      String environment = node.api().environment();
      String token = new TestTokens(environment, node.secretKey()).granting("read:runs");
      try (SseProbe first = node.follow("/realtime/v1/runs", token).awaitLive();
          SseProbe second = node.follow("/realtime/v1/runs", token).awaitLive()) {
        try (SseProbe third = node.follow("/realtime/v1/runs", token)) {
          assertThat(third.awaitRefusal().status()).isEqualTo(429);
          assertThat(third.awaitRefusal().error()).contains("2");
          assertThat(third.awaitHead().headers()).containsEntry("x-should-retry", "true");
        }
        first.cut();
        assertThat(second.isConnected()).isTrue();
        awaitAdmission(node, token);
      }
    }
  }

  private static void awaitAdmission(Node node, String token) {
    Await.until(
        "the place that became free",
        () -> {
          try (SseProbe next = node.follow("/realtime/v1/runs", token)) {
            return next.awaitHead().status() == 200;
          }
        });
  }

  private static String path(String feed) {
    return switch (feed) {
      case "run" -> "/realtime/v1/runs/" + run;
      case "tags" -> "/realtime/v1/runs?tag=" + SseProbe.encode(tag) + "&tag=shared";
      case "batch" -> "/realtime/v1/batches/" + batch;
      case "parent" -> "/realtime/v1/runs?parent=" + run;
      case "all" -> "/realtime/v1/runs?after=now";
      default -> throw new IllegalArgumentException(feed);
    };
  }

  private static String filled(String text) {
    return text.replace("{run}", run).replace("{tag}", tag).replace("{batch}", batch);
  }
}
