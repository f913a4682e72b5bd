package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only who has signed in to the dashboard is given: a new key, and a look inside. */
class DashboardIT {
  private static final String SESSION = "/api/v1/dashboard/session";
  private static final Sample ROTATE =
      Sample.open("POST /api/v1/dashboard/key", "/api/v1/dashboard/key");
  private static final Sample INSIDE = inside("");
  private static final Sample QUEUES = Sample.keyOnly("GET /api/v1/queues", "/api/v1/queues");

  @RegisterExtension final WholeServer server = new WholeServer();
  private final Caller caller = new Caller(server.port());

  private record SignedIn(String cookie, String csrf) {
    String[] headers(String... more) {
      return Stream.concat(Stream.of("cookie", cookie, "x-runcast-csrf", csrf), Arrays.stream(more))
          .toArray(String[]::new);
    }
  }

  @BeforeEach
  void start() {
    server.postgres.execute(Subjects.ROWS);
  }

  private static Sample inside(String query) {
    return Sample.open("GET /api/v1/dashboard/service", "/api/v1/dashboard/service" + query);
  }

  private Reply signIn(String key) {
    Sample sample =
        Sample.open("POST " + SESSION, SESSION)
            .with(new JsonObject().put("secretKey", key).encode());
    return caller.call(sample, null);
  }

  private SignedIn signedIn(String key) {
    Reply reply = signIn(key);
    String cookie = reply.header("set-cookie").orElseThrow();
    return new SignedIn(
        cookie.substring(0, cookie.indexOf(';')), new JsonObject(reply.body()).getString("csrf"));
  }

  private int queues(SignedIn who) {
    return caller.call(QUEUES, null, who.headers()).status();
  }

  @Test
  void aRotationTellsTheKeyOnceAndTheSessionGoesOnUnderIt() {
    SignedIn who = signedIn(WholeServer.SECRET);
    SignedIn elsewhere = signedIn(WholeServer.SECRET);
    SignedIn other = signedIn(WholeServer.OTHER_SECRET);

    Reply reply = caller.call(ROTATE, null, who.headers("sec-fetch-site", "same-origin"));

    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(reply.header("cache-control")).contains("no-store");
    JsonObject answer = new JsonObject(reply.body());
    String key = answer.getString("secretKey");
    assertThat(Instant.parse(answer.getString("previousUntil"))).isAfter(Instant.now());
    assertThat(queues(who)).isEqualTo(200);
    assertThat(queues(elsewhere)).as("of the old key").isEqualTo(401);
    assertThat(queues(other)).as("of another environment").isEqualTo(200);
    assertThat(caller.call(QUEUES, key).status()).isEqualTo(200);
    assertThat(caller.call(QUEUES, WholeServer.SECRET).status()).as("for a while").isEqualTo(200);
    assertThat(signIn(WholeServer.SECRET).status()).isEqualTo(401);
    assertThat(signIn(key).status()).isEqualTo(200);
  }

  @Test
  void nobodyElseIsGivenEither() {
    SignedIn who = signedIn(WholeServer.SECRET);
    List<String> before = server.query("select digest::text from secret_key order by 1");
    for (Sample sample : List.of(ROTATE, INSIDE)) {
      for (String[] headers :
          List.of(
              new String[0],
              new String[] {"cookie", who.cookie},
              new String[] {"x-runcast-csrf", who.csrf},
              new String[] {"cookie", who.cookie, "x-runcast-csrf", who.csrf + "x"},
              who.headers("sec-fetch-site", "cross-site"),
              who.headers("sec-fetch-site", "same-site"))) {
        Refusals.refused(sample.toString(), caller.call(sample, null, headers), 401);
      }
      Refusals.refused("with a key", caller.call(sample, WholeServer.SECRET), 401);
    }
    assertThat(server.query("select digest::text from secret_key order by 1")).isEqualTo(before);
  }

  @Test
  void aLookInsideTellsTheSamplesAndNoMoreThanWasAskedFor() {
    SignedIn who = signedIn(WholeServer.SECRET);
    Instant first = Instant.parse("2026-01-02T03:04:05Z");
    server.pulse.beat(first);
    server.pulse.beat(first.plusSeconds(5));

    JsonObject all = look(who, "");
    assertThat(all.getInteger("everyMs")).isEqualTo(5000);
    assertThat(all.getJsonArray("samples")).hasSize(2);
    assertThat(all.getJsonArray("samples").getJsonObject(0).getString("at"))
        .isEqualTo(first.toString());
    assertThat(all.getJsonArray("samples").getJsonObject(0).fieldNames())
        .contains("changes", "deliveries", "lagP50Ms", "lagP99Ms", "subscriptions", "behind");

    assertThat(look(who, "?since=" + first).getJsonArray("samples")).hasSize(1);
    Refusals.refused("since", caller.call(inside("?since=yesterday"), null, who.headers()), 400);
  }

  @Test
  void aLookInsideTellsOnlyTheFeedsOfItsOwnEnvironment() throws Exception {
    SignedIn who = signedIn(WholeServer.SECRET);
    SignedIn other = signedIn(WholeServer.OTHER_SECRET);
    String feed = "/realtime/v1/runs?tag=user:1&taskIdentifier=send-email";
    try (InputStream one = follow(feed);
        InputStream two = follow(feed)) {
      assertThat(List.of(one, two)).doesNotContainNull();
      JsonArray feeds = look(who, "").getJsonArray("feeds");

      assertThat(feeds).hasSize(1);
      assertThat(feeds.getJsonObject(0).getString("feed")).isEqualTo(feed);
      assertThat(feeds.getJsonObject(0).getInteger("subscriptions")).isEqualTo(2);
      assertThat(look(other, "").getJsonArray("feeds")).isEmpty();
    }
  }

  /** The head of the response has come, so the feed is open. */
  private InputStream follow(String feed) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + feed))
            .header("authorization", "Bearer " + WholeServer.SECRET)
            .header("accept", "text/event-stream")
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body();
  }

  private JsonObject look(SignedIn who, String query) {
    Reply reply = caller.call(inside(query), null, who.headers());
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return new JsonObject(reply.body());
  }
}
