package dev.runcast.http;

import static dev.runcast.http.Sample.keyOnly;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a command line tool is let in, by whom, to what, and until when. */
class LoginIT {
  private static final String APPROVALS = "/api/v1/dashboard/approvals/";

  @RegisterExtension final WholeServer server = new WholeServer();
  private final Caller caller = new Caller(server.port());

  /** What the tool is given when it asks. */
  private record Asked(String code, String secret) {}

  private Reply post(String path, JsonObject body, String... headers) {
    return caller.call(keyOnly("POST " + path, path).with(body.encode()), null, headers);
  }

  private Reply get(String path, String credential, String... headers) {
    return caller.call(keyOnly("GET " + path, path), credential, headers);
  }

  private static JsonObject json(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return new JsonObject(reply.body());
  }

  private Asked ask() {
    JsonObject asked =
        json(
            post(
                "/api/v1/authorization-code",
                new JsonObject().put("codeChallenge", "x").put("codeChallengeMethod", "S256")));
    String url = asked.getString("url");
    String page = "http://127.0.0.1:" + server.port() + "/approve/";
    assertThat(url).startsWith(page);
    return new Asked(url.substring(page.length()), asked.getString("authorizationCode"));
  }

  private Reply poll(String secret) {
    return post("/api/v1/token", new JsonObject().put("authorizationCode", secret));
  }

  /** Cookie and word of who signs in with a key. */
  private String[] signedIn(String key) {
    Reply reply = post("/api/v1/dashboard/session", new JsonObject().put("secretKey", key));
    String cookie = reply.header("set-cookie").orElseThrow();
    return new String[] {
      "cookie",
      cookie.substring(0, cookie.indexOf(';')),
      "x-runcast-csrf",
      json(reply).getString("csrf")
    };
  }

  private Reply answer(String code, boolean approve, String... headers) {
    return post(APPROVALS + code, new JsonObject().put("approve", approve), headers);
  }

  /** As bytes are printed. */
  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private String letIn(String key) {
    Asked asked = ask();
    assertThat(answer(asked.code, true, signedIn(key)).status()).isEqualTo(200);
    return json(poll(asked.secret)).getJsonObject("token").getString("token");
  }

  @Test
  void whoIsApprovedIsGivenATokenOnceAndItOpensThatEnvironment() {
    Asked asked = ask();
    String[] me = signedIn(WholeServer.SECRET);
    assertThat(json(poll(asked.secret)).containsKey("token")).isTrue();
    assertThat(json(poll(asked.secret)).getValue("token")).isNull();

    JsonObject seen = json(get(APPROVALS + asked.code, null, me));
    JsonObject answered = json(answer(asked.code, true, me));
    JsonObject token = json(poll(asked.secret)).getJsonObject("token");

    assertThat(seen.getString("code")).isEqualTo(asked.code).matches("[A-Z]{4}-[A-Z]{4}");
    assertThat(seen.getString("address")).isEqualTo("127.0.0.1");
    assertThat(seen.containsKey("approved")).isFalse();
    assertThat(answered.getBoolean("approved")).isTrue();
    assertThat(token.getString("token")).startsWith("tr_pat_");
    assertThat(token.getString("obfuscatedToken")).doesNotContain(token.getString("token"));
    assertThat(poll(asked.secret).status()).as("a second time").isEqualTo(400);
    JsonObject project = json(get("/api/v1/projects/proj_p/dev", token.getString("token")));
    assertThat(project.getString("apiKey")).isEqualTo(WholeServer.SECRET);
  }

  @Test
  void nothingIsStoredThatWouldLetAnybodyIn() {
    Asked asked = ask();
    answer(asked.code, true, signedIn(WholeServer.SECRET));
    assertThat(server.query("select * from login_request").toString())
        .contains(asked.code)
        .doesNotContain(asked.secret, hex(asked.secret));
    String token = json(poll(asked.secret)).getJsonObject("token").getString("token");

    assertThat(server.query("select * from personal_token").toString())
        .contains("login")
        .doesNotContain(token, hex(token));
    assertThat(server.query("select count(*) from login_request")).containsExactly("0");
  }

  @Test
  void aTokenOpensNothingButWhatItsApproverHadSignedInTo() {
    server.postgres.execute(
        "insert into project (id, reference, name) values ('q', 'proj_q', 'Q');"
            + " insert into environment (id, project_id, slug) values ('env_q', 'q', 'dev')");
    String token = letIn(WholeServer.OTHER_SECRET);

    assertThat(json(get("/api/v1/projects/proj_p/dev", token)).getString("apiKey"))
        .isEqualTo(WholeServer.OTHER_SECRET);
    Reply foreign = get("/api/v1/projects/proj_q/dev", token);
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.error()).isEqualTo("Project not found");
    assertThat(get("/api/v1/projects/proj_q", token).status()).isEqualTo(404);
    assertThat(new JsonArray(get("/api/v1/projects", token).body())).hasSize(1);
    assertThat(json(get("/api/v2/whoami?projectRef=proj_q", token)).containsKey("project"))
        .isFalse();
    assertThat(
            json(get("/api/v2/whoami?projectRef=proj_p", token))
                .getJsonObject("project")
                .getString("name"))
        .isEqualTo("P");
  }

  @Test
  void aTokenEndsWithTheKeyThatItsApproverHadSignedInWith() {
    String token = letIn(WholeServer.SECRET);
    assertThat(get("/api/v2/whoami", token).status()).isEqualTo(200);

    // Applications may use it for a while; with what it has let in, its successor could be had.
    server.postgres.execute(
        "update secret_key set valid_until = now() + interval '1 h' where environment_id = 'env_dev'");

    assertThat(get("/api/v2/whoami", token).status()).isEqualTo(401);
  }

  @Test
  void whoIsRefusedIsTold() {
    Asked asked = ask();
    answer(asked.code, false, signedIn(WholeServer.SECRET));

    Reply reply = poll(asked.secret);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains("refused");
    assertThat(server.query("select count(*) from personal_token")).containsExactly("0");
  }

  @Test
  void theFirstAnswerCounts() {
    Asked asked = ask();
    String[] me = signedIn(WholeServer.SECRET);
    answer(asked.code, false, signedIn(WholeServer.OTHER_SECRET));

    assertThat(answer(asked.code, true, me).status()).isEqualTo(422);
    assertThat(answer(asked.code, false, me).status()).isEqualTo(200);
    assertThat(poll(asked.secret).status()).isEqualTo(400);
  }

  @Test
  void aCodeThatIsOverIsNobodys() {
    Asked asked = ask();
    String[] me = signedIn(WholeServer.SECRET);
    answer(asked.code, true, me);
    server.postgres.execute("update login_request set expires_at = now()");

    assertThat(get(APPROVALS + asked.code, null, me).status()).isEqualTo(404);
    assertThat(answer(asked.code, true, me).status()).isEqualTo(404);
    assertThat(poll(asked.secret).status()).isEqualTo(400);
    ask();
    assertThat(server.query("select count(*) from login_request"))
        .as("those that are over go")
        .containsExactly("1");
  }

  @Test
  void nobodyAnswersByWayOfAnotherSite() {
    Asked asked = ask();
    String[] me = signedIn(WholeServer.SECRET);
    String[] cookieAlone = Arrays.copyOf(me, 2);
    String[] fromElsewhere =
        Stream.concat(Arrays.stream(me), Stream.of("sec-fetch-site", "cross-site"))
            .toArray(String[]::new);
    String[] wrongWord = me.clone();
    wrongWord[3] = "x";

    for (String[] headers : List.of(cookieAlone, fromElsewhere, wrongWord, new String[0])) {
      assertThat(answer(asked.code, true, headers).status()).isEqualTo(401);
      assertThat(get(APPROVALS + asked.code, null, headers).status()).isEqualTo(401);
    }
    Reply withKey =
        caller.call(
            keyOnly("POST " + APPROVALS + asked.code, APPROVALS + asked.code)
                .with("{\"approve\":true}"),
            WholeServer.SECRET);
    assertThat(withKey.status()).as("a key is nobody who has signed in").isEqualTo(401);
    assertThat(json(poll(asked.secret)).getValue("token")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"approve\":\"yes\"}", "{\"approve\":null}", "[]", "x"})
  void anAnswerThatIsNoneIsRefused(String body) {
    Asked asked = ask();
    String path = APPROVALS + asked.code;

    Reply reply =
        caller.call(keyOnly("POST " + path, path).with(body), null, signedIn(WholeServer.SECRET));

    Refusals.refused(body, reply, 400);
    assertThat(json(poll(asked.secret)).getValue("token")).isNull();
  }

  @Test
  void aSecretThatIsNoneIsRefusedAndNotForLongTriedAgain() {
    Asked mine = ask();
    String secret = "A".repeat(43);
    assertThat(poll("x").status()).isEqualTo(400);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      statuses.add(poll(secret).status());
    }

    assertThat(statuses.get(0)).isEqualTo(400);
    assertThat(statuses).containsOnly(400, 429).contains(429);
    assertThat(poll(mine.secret).status()).as("from the same address").isEqualTo(429);
  }

  @Test
  void whoKnowsASecretMayAskAsOftenAsItLikes() {
    Asked asked = ask();
    for (int i = 0; i < 40; i++) {
      assertThat(poll(asked.secret).status()).isEqualTo(200);
    }
  }

  @Test
  void nobodyAsksWithoutEnd() {
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      replies.add(post("/api/v1/authorization-code", new JsonObject()));
    }

    assertThat(replies.get(11).status()).isEqualTo(429);
    assertThat(replies.get(11).header("retry-after")).isPresent();
  }

  @Test
  void noMoreMayAskAtOnceThanAreNoBurden() {
    server.postgres.execute(
        """
        insert into login_request (digest, code, expires_at)
          select sha256(n::text::bytea), n, now() + interval '5 min' from generate_series(1, 1000) n""");
    assertThat(post("/api/v1/authorization-code", new JsonObject()).status()).isEqualTo(429);

    server.postgres.execute("update login_request set expires_at = now() where code = '7'");
    ask();
  }
}
