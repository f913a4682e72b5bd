package dev.runcast.http;

import static dev.runcast.http.Sample.keyOnly;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the command line tool asks before it has anything to execute. */
class BootIT {
  private static final String TOKEN = "tr_pat_0123456789abcdefghijklmnopqrst";

  @RegisterExtension final WholeServer server = new WholeServer();
  private final Caller caller = new Caller(server.port());

  @BeforeEach
  void start() {
    server.postgres.execute(
        "insert into personal_token (digest, name) select sha256('%s'::bytea), 'first'"
            .formatted(TOKEN));
  }

  private Reply get(String path, String credential) {
    return caller.call(keyOnly("GET " + path, path), credential);
  }

  @Test
  void aPersonalTokenOpensTheProjectAndSaysWhoHasIt() {
    JsonObject who = new JsonObject(get("/api/v2/whoami", TOKEN).body());
    JsonObject news = new JsonObject(get("/api/v1/platform-notifications", TOKEN).body());
    JsonObject project = new JsonObject(get("/api/v1/projects/proj_p/dev", TOKEN).body());

    String url = "http://127.0.0.1:" + server.port();
    assertThat(who.getString("email")).contains("@");
    assertThat(who.getString("userId")).isNotEmpty();
    assertThat(who.getString("dashboardUrl")).isEqualTo(url);
    assertThat(news.containsKey("notification")).isTrue();
    assertThat(project)
        .isEqualTo(
            new JsonObject()
                .put("apiKey", WholeServer.SECRET)
                .put("name", "P")
                .put("apiUrl", url)
                .put("projectId", "p"));
  }

  @Test
  void anUnknownProjectIsToldInTheWordsThatTheToolKnows() {
    Reply reply = get("/api/v1/projects/proj_other/dev", TOKEN);

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.error()).isEqualTo("Project not found");
  }

  @Test
  void whatIsNoPersonalTokenOpensNothing() {
    for (String path :
        new String[] {
          "/api/v2/whoami", "/api/v1/platform-notifications", "/api/v1/projects/proj_p/dev"
        }) {
      for (String credential :
          new String[] {
            null,
            WholeServer.SECRET,
            WholeServer.token("admin"),
            TOKEN + "x",
            "tr_pat_",
            "tr_pat_" + "x".repeat(5_000)
          }) {
        Refusals.refused("GET " + path, get(path, credential), 401);
      }
    }
    Refusals.refused("a token for a key", get("/engine/v1/dev/config", TOKEN), 401);
  }

  @Test
  void theKeyTellsSettingsAndAllVariables() {
    String all = "/api/v1/projects/proj_p/envvars";
    caller.call(
        keyOnly("POST " + all + "/dev", all + "/dev")
            .with("{\"name\":\"SHH\",\"value\":\"quiet\",\"isSecret\":true}"),
        WholeServer.SECRET);

    JsonObject config = new JsonObject(get("/engine/v1/dev/config", WholeServer.SECRET).body());
    JsonObject variables =
        new JsonObject(get(all, WholeServer.SECRET).body()).getJsonObject("variables");

    String url = "http://127.0.0.1:" + server.port();
    assertThat(config.getString("environmentId")).isEqualTo("env_dev");
    assertThat(config.getString("engineUrl")).isEqualTo(url);
    assertThat(config.getInteger("maxConcurrentRuns")).isGreaterThan(100);
    assertThat(variables.getString("SHH")).isEqualTo("quiet");
    assertThat(variables.getString("TRIGGER_API_URL")).isEqualTo(url);
  }
}
