package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.Sample.Access;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in to the dashboard, what a session opens, and everything that ends it. */
class SessionIT {
  private static final String PATH = "/api/v1/dashboard/session";
  private static final String CSRF = "x-runcast-csrf";
  private static final Sample SIGN_IN = at(PATH);
  private static final Sample LOOK = Sample.open("GET " + PATH, PATH);
  private static final Sample SIGN_OUT = Sample.open("DELETE " + PATH, PATH);
  private static final Sample QUEUES = at("/api/v1/queues");

  @RegisterExtension final WholeServer server = new WholeServer();
  private final Caller caller = new Caller(server.port());

  /** What a browser holds: a cookie that no script reads, and the word that the page was told. */
  private record SignedIn(String cookie, String csrf) {
    String[] headers(String... more) {
      return Stream.concat(Stream.of("cookie", cookie, CSRF, csrf), Arrays.stream(more))
          .toArray(String[]::new);
    }
  }

  @BeforeEach
  void start() {
    server.postgres.execute(Subjects.ROWS);
  }

  private static Sample at(String path) {
    return RouteTable.SAMPLES.stream()
        .filter(sample -> sample.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private Reply signIn(String key, String... headers) {
    return caller.call(
        SIGN_IN.with(new JsonObject().put("secretKey", key).encode()), null, headers);
  }

  private SignedIn signedIn() {
    return signedIn(signIn(WholeServer.SECRET));
  }

  private static SignedIn signedIn(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    String cookie = reply.header("set-cookie").orElseThrow();
    return new SignedIn(
        cookie.substring(0, cookie.indexOf(';')), new JsonObject(reply.body()).getString("csrf"));
  }

  private int queues(SignedIn who, String... more) {
    return caller.call(QUEUES, null, who.headers(more)).status();
  }

  @Test
  void theCookieIsForNoScriptAndNoOtherSite() {
    Reply reply = signIn(WholeServer.SECRET);

    assertThat(reply.header("set-cookie").orElse(""))
        .matches("runcast_session_[0-9]+=[0-9A-Za-z_-]{43}; .*")
        .contains("Path=/", "HTTPOnly", "SameSite=Strict", "Max-Age=604800")
        .doesNotContain("Domain", "Secure");
    assertThat(reply.header("cache-control")).contains("no-store");
    assertThat(reply.body()).doesNotContain(WholeServer.SECRET);
    assertThat(new JsonObject(reply.body()).getJsonObject("environment").getString("slug"))
        .isEqualTo("dev");
  }

  @Test
  void theCookieIsForTlsAloneIfItWasSetOverTls() {
    Reply reply =
        signIn(
            WholeServer.SECRET,
            "x-forwarded-proto",
            "https",
            "x-forwarded-host",
            "runcast.example");

    assertThat(reply.header("set-cookie").orElse(""))
        .startsWith("__Host-runcast_session=")
        .contains("Secure", "Path=/");
    SignedIn who = signedIn(reply);
    String[] behindTls = {"x-forwarded-proto", "https", "x-forwarded-host", "runcast.example"};
    assertThat(queues(who, behindTls)).isEqualTo(200);
  }

  @Test
  void whoIsSignedInIsToldAsWhat() {
    SignedIn who = signedIn();

    Reply look = caller.call(LOOK, null, "cookie", who.cookie);

    assertThat(look.status()).isEqualTo(200);
    JsonObject answer = new JsonObject(look.body());
    assertThat(answer.getString("csrf")).isEqualTo(who.csrf);
    assertThat(answer.getJsonObject("project").getString("ref")).isEqualTo("proj_p");
    assertThat(caller.call(LOOK, null).status()).isEqualTo(401);
    assertThat(caller.call(LOOK, WholeServer.SECRET).status())
        .as("a key is no session")
        .isEqualTo(401);
  }

  @Test
  void aSessionOpensWhatTheKeyOpensGivenItsWordAndOtherwiseNothing() {
    SignedIn who = signedIn();
    List<Sample> guarded =
        RouteTable.SAMPLES.stream()
            .filter(sample -> sample.gate().access() != Access.OPEN)
            .filter(sample -> sample.path().startsWith("/api/"))
            .toList();
    assertThat(guarded).hasSizeGreaterThan(40);

    String before = server.state("env_dev");
    for (Sample sample : guarded) {
      refused(sample, "cookie", who.cookie);
      refused(sample, CSRF, who.csrf);
      refused(sample, "cookie", who.cookie, CSRF, who.csrf + "x");
      refused(sample, who.headers("sec-fetch-site", "cross-site"));
      refused(sample, who.headers("sec-fetch-site", "same-site"));
    }
    assertThat(server.state("env_dev")).isEqualTo(before);

    for (Sample sample : guarded) {
      Reply reply = caller.call(sample, null, who.headers("sec-fetch-site", "same-origin"));
      assertThat(reply.status()).as("%s: %s", sample, reply).isIn(200, 202, 404, 422);
    }
  }

  private void refused(Sample sample, String... headers) {
    Refusals.refused(sample + " with " + List.of(headers), caller.call(sample, null, headers), 401);
  }

  /** What goes on would outlive the session. */
  @Test
  void nothingOutsideOfTheManagementApiTakesASession() {
    SignedIn who = signedIn();
    List<Sample> others =
        RouteTable.SAMPLES.stream()
            .filter(sample -> sample.path().startsWith("/realtime/"))
            .toList();

    assertThat(others).hasSizeGreaterThan(8);
    others.forEach(sample -> refused(sample, who.headers("accept", "text/event-stream")));
  }

  @Test
  void aSessionIsOfOneEnvironment() {
    SignedIn other = signedIn(signIn(WholeServer.OTHER_SECRET));
    Sample run = at("/api/v3/runs/run_a");

    assertThat(caller.call(run, null, other.headers()).status()).isEqualTo(404);
    assertThat(caller.call(run, null, signedIn().headers()).status()).isEqualTo(200);
  }

  @Test
  void signingOutEndsItForWhoeverHasTheCookie() {
    SignedIn who = signedIn();
    SignedIn elsewhere = signedIn();
    assertThat(caller.call(SIGN_OUT, null, "cookie", who.cookie).status())
        .as("without its word")
        .isEqualTo(401);
    assertThat(queues(who)).isEqualTo(200);

    Reply out = caller.call(SIGN_OUT, null, who.headers());

    assertThat(out.status()).isEqualTo(204);
    assertThat(out.header("set-cookie").orElse("")).contains("=;", "Max-Age=0");
    assertThat(queues(who)).isEqualTo(401);
    assertThat(caller.call(LOOK, null, "cookie", who.cookie).status()).isEqualTo(401);
    assertThat(queues(elsewhere)).isEqualTo(200);
  }

  @Test
  void theKeysRotationEndsItThoughTheKeyOpensTheApiForAWhile() {
    SignedIn who = signedIn();
    server.postgres.execute(
        "update secret_key set valid_until = now() + interval '1 d' where environment_id = 'env_dev'");

    assertThat(caller.call(QUEUES, WholeServer.SECRET).status()).isEqualTo(200);
    assertThat(queues(who)).isEqualTo(401);
    assertThat(signIn(WholeServer.SECRET).status()).isEqualTo(401);
  }

  @Test
  void itEndsWhenNobodyUsesIt() {
    SignedIn who = signedIn();

    server.postgres.execute("update dashboard_session set used_at = now() - interval '11:59'");
    assertThat(queues(who)).as("just in time").isEqualTo(200);
    server.postgres.execute("update dashboard_session set used_at = used_at - interval '11:59'");
    assertThat(queues(who)).as("used since").isEqualTo(200);

    server.postgres.execute("update dashboard_session set used_at = now() - interval '12:01'");
    assertThat(queues(who)).isEqualTo(401);
  }

  @Test
  void itEndsAfterAWeekHoweverMuchItIsUsedAndIsRemoved() {
    SignedIn who = signedIn();
    server.postgres.execute("update dashboard_session set opened_at = now() - interval '167:59'");
    assertThat(queues(who)).isEqualTo(200);

    server.postgres.execute("update dashboard_session set opened_at = now() - interval '168:01'");
    assertThat(queues(who)).isEqualTo(401);

    signedIn();
    assertThat(server.query("select count(*) from dashboard_session")).containsExactly("1");
  }

  @Test
  void nothingThatOpensAnythingIsStored() {
    SignedIn who = signedIn();
    String token = who.cookie.substring(who.cookie.indexOf('=') + 1);

    String stored = String.join("", server.query("select s::text from dashboard_session s"));

    assertThat(stored).isNotEmpty().doesNotContain(token, who.csrf, WholeServer.SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "none"})
  void noOtherSiteSignsAnybodyInOrLooks(String from) {
    SignedIn who = signedIn();

    assertThat(signIn(WholeServer.SECRET, "sec-fetch-site", from).status()).isEqualTo(403);
    Reply look = caller.call(LOOK, null, "cookie", who.cookie, "sec-fetch-site", from);
    assertThat(look.status()).isEqualTo(403);
    assertThat(look.body()).doesNotContain(who.csrf);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "runcast_session=x",
        "a=b; =; ;;",
        "\"",
        "runcast_session_1=\u0080",
        "=====;;"
      })
  void oddCookiesAreNobodys(String cookie) {
    assertThat(caller.call(LOOK, null, "cookie", cookie).status()).isEqualTo(401);
    assertThat(caller.call(QUEUES, null, "cookie", cookie, CSRF, "x").status()).isEqualTo(401);
  }

  @Test
  void whoFailsTooOftenHasToWaitEvenWithTheRightKey() {
    String wrong = "tr_dev_" + "x".repeat(43);
    for (int i = 0; i < 10; i++) {
      signedIn();
      Reply refused = signIn(wrong);
      Refusals.refused("a wrong key", refused, 401);
      assertThat(refused.body()).doesNotContain(wrong);
    }

    Reply limited = signIn(WholeServer.SECRET);

    Refusals.refused("one too many", limited, 429);
    assertThat(Integer.parseInt(limited.header("retry-after").orElse("0"))).isBetween(1, 60);
    assertThat(caller.call(QUEUES, WholeServer.SECRET).status()).as("the API").isEqualTo(200);
  }

  @Test
  void aPageMintsWhatItsFeedsNeed() {
    SignedIn who = signedIn();
    Sample mint = at("/api/v1/auth/public-tokens");

    Reply minted = caller.call(mint, null, who.headers());

    String token = new JsonObject(minted.body()).getString("token");
    Sample runs = at("/realtime/v1/runs?");
    assertThat(caller.call(runs, token, "accept", "text/event-stream").status()).isEqualTo(200);
  }
}
