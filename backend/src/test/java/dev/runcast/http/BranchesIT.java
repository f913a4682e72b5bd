package dev.runcast.http;

import static dev.runcast.http.Sample.keyOnly;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Branches of an environment: made by who has a personal token, opened by the same key. */
class BranchesIT {
  private static final String TOKEN = "tr_pat_0123456789abcdefghijklmnopqrst";
  private static final String BRANCHES = "/api/v1/projects/proj_p/branches";
  private static final String BRANCH = "x-trigger-branch";

  @RegisterExtension final WholeServer server = new WholeServer();
  private final Caller caller = new Caller(server.port());

  @BeforeEach
  void start() {
    server.postgres.execute(
        "insert into personal_token (digest, name) select sha256('%s'::bytea), 'first'"
            .formatted(TOKEN));
  }

  private Reply make(String name, String credential) {
    JsonObject body = new JsonObject().put("branch", name).put("env", "development");
    return caller.call(keyOnly("POST " + BRANCHES, BRANCHES).with(body.encode()), credential);
  }

  private String made(String name) {
    Reply reply = make(name, TOKEN);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return new JsonObject(reply.body()).getString("id");
  }

  private Reply get(String path, String credential, String... headers) {
    return caller.call(keyOnly("GET " + path, path), credential, headers);
  }

  private String trigger(String... headers) {
    String path = "/api/v1/tasks/t/trigger";
    Reply reply =
        caller.call(
            keyOnly("POST " + path, path).with("{\"payload\":1}"), WholeServer.SECRET, headers);
    return new JsonObject(reply.body()).getString("id");
  }

  private String publicToken() {
    String path = "/api/v1/auth/public-tokens";
    Reply minted =
        caller.call(
            keyOnly("POST " + path, path).with("{\"scopes\":[\"read:runs\"]}"),
            WholeServer.SECRET,
            BRANCH,
            "x");
    assertThat(minted.status()).as(minted.toString()).isEqualTo(200);
    return new JsonObject(minted.body()).getString("token");
  }

  @Test
  void theKeyOpensABranchForWhoNamesItAndItsRunsAreItsOwn() {
    String branch = made("feat/one");
    String inside = trigger(BRANCH, "feat/one");
    String outside = trigger();

    assertThat(branch).isNotEqualTo("env_dev");
    assertThat(made("feat/one")).as("a second time").isEqualTo(branch);
    assertThat(server.query("select environment_id from run where id = '%s'".formatted(inside)))
        .containsExactly(branch);
    String path = "/api/v3/runs/";
    assertThat(get(path + inside, WholeServer.SECRET, BRANCH, "feat/one").status()).isEqualTo(200);
    assertThat(get(path + inside, WholeServer.SECRET).status()).isEqualTo(404);
    assertThat(get(path + outside, WholeServer.SECRET, BRANCH, "feat/one").status()).isEqualTo(404);
    assertThat(get(path + outside, WholeServer.SECRET, BRANCH, "default").status()).isEqualTo(200);
    assertThat(get(path + inside, WholeServer.OTHER_SECRET, BRANCH, "feat/one").status())
        .isEqualTo(404);
  }

  @Test
  void aNameThatNoBranchHasMeansTheEnvironmentForManyClientsSendOneUnasked() {
    made("x");

    String run = trigger(BRANCH, "never-made");

    assertThat(server.query("select environment_id from run where id = '%s'".formatted(run)))
        .containsExactly("env_dev");
  }

  @Test
  void aPublicTokenOfABranchIsOfNothingElse() {
    String branch = made("x");
    String token = publicToken();
    String inside = trigger(BRANCH, "x");
    String outside = trigger();

    assertThat(branch).isNotEmpty();
    assertThat(get("/api/v3/runs/" + inside, token).status()).isEqualTo(200);
    assertThat(get("/api/v3/runs/" + outside, token).status()).isEqualTo(404);
  }

  @Test
  void tasksOfABranchHaveTheVariablesOfBoth() {
    made("x");
    set("A", "root");
    set("B", "root");
    set("B", "branch", BRANCH, "x");

    JsonObject variables =
        new JsonObject(
                get("/api/v1/projects/proj_p/envvars", WholeServer.SECRET, BRANCH, "x").body())
            .getJsonObject("variables");

    assertThat(variables.getString("A")).isEqualTo("root");
    assertThat(variables.getString("B")).isEqualTo("branch");
    assertThat(variables.getString("TRIGGER_DEV_BRANCH")).isEqualTo("x");
  }

  private void set(String name, String value, String... headers) {
    String slug = headers.length == 0 ? "dev" : "dev%2Fx";
    String path = "/api/v1/projects/proj_p/envvars/" + slug;
    Reply reply =
        caller.call(
            keyOnly("POST " + path, path)
                .with(new JsonObject().put("name", name).put("value", value).encode()),
            WholeServer.SECRET,
            headers);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
  }

  @Test
  void theWorkerOfABranchIsGoneThoughNobodyNamesItThen() {
    String branch = made("x");
    String run = trigger(BRANCH, "x");
    server.postgres.execute(
        """
        update run set status = 'EXECUTING';
        insert into execution (environment_id, run_id, task, queue, rank, status, description)
          values ('%s', '%s', 't', 'task/t', now(), 'EXECUTING', '')
          on conflict (environment_id, run_id) do update set status = 'EXECUTING'"""
            .formatted(branch, run));
    String path = "/engine/v1/dev/disconnect";
    String body = new JsonObject().put("runFriendlyIds", new JsonArray().add(run)).encode();

    Reply foreign = caller.call(keyOnly("POST " + path, path).with(body), WholeServer.OTHER_SECRET);
    Reply own = caller.call(keyOnly("POST " + path, path).with(body), WholeServer.SECRET);

    assertThat(new JsonObject(foreign.body()).getInteger("cancelled")).isZero();
    assertThat(new JsonObject(own.body()).getInteger("cancelled")).isEqualTo(1);
  }

  @Test
  void branchesAreListed() {
    made("b");
    made("a");

    JsonArray listed = new JsonObject(get(BRANCHES, TOKEN).body()).getJsonArray("branches");

    assertThat(listed.stream().map(each -> ((JsonObject) each).getString("name")))
        .containsExactly("a", "b");
    assertThat(made("default")).isEqualTo("env_dev");
  }

  private Reply archive(String name, String credential) {
    String path = BRANCHES + "/archive";
    JsonObject body = new JsonObject().put("branch", name).put("env", "development");
    return caller.call(keyOnly("POST " + path, path).with(body.encode()), credential);
  }

  @Test
  void whatIsArchivedEndsAndItsNameIsFree() {
    String branch = made("x");
    made("y");
    String waiting = trigger(BRANCH, "x");
    String elsewhere = trigger(BRANCH, "y");
    server.postgres.execute(
        """
        insert into schedule (environment_id, id, task, cron, timezone)
          values ('%s', 'sched_a', 't', '* * * * *', 'UTC')"""
            .formatted(branch));

    Reply archived = archive("x", TOKEN);

    assertThat(archived.status()).as(archived.toString()).isEqualTo(200);
    assertThat(new JsonObject(archived.body()).getJsonObject("branch").getString("id"))
        .isEqualTo(branch);
    assertThat(server.query("select status from run where id = '%s'".formatted(waiting)))
        .containsExactly("CANCELED");
    assertThat(server.query("select status from run where id = '%s'".formatted(elsewhere)))
        .containsExactly("PENDING");
    assertThat(server.query("select active from schedule")).containsExactly("f");
    assertThat(server.query("select ref from due where kind = 'SCHEDULE'")).isEmpty();
    assertThat(get(BRANCHES, TOKEN).body()).doesNotContain("\"x\"").contains("\"y\"");
    assertThat(made("x")).as("a new one").isNotEqualTo(branch);
    Refusals.refused("one that there is not", archive("z", TOKEN), 404);
    Refusals.refused("a key", archive("y", WholeServer.SECRET), 401);
  }

  @Test
  void whoNamesAnArchivedBranchDoesNotWorkInItsEnvironmentUnawares() {
    made("x");
    archive("x", TOKEN);

    Reply refused = get("/api/v1/runs", WholeServer.SECRET, BRANCH, "x");

    Refusals.refused("a branch that is archived", refused, 403);
    assertThat(refused.error()).contains("archived");
  }

  @Test
  void noTokenIsGoodForAnArchivedBranch() {
    made("x");
    String run = trigger(BRANCH, "x");
    String token = publicToken();
    assertThat(get("/api/v3/runs/" + run, token).status()).isEqualTo(200);

    archive("x", TOKEN);

    Await.until("the token to be refused", () -> get("/api/v3/runs/" + run, token).status() == 401);
  }

  @Test
  void theNameOfAnArchivedBranchIsSoonThatOfANewOne() {
    made("x");
    archive("x", TOKEN);
    Refusals.refused("archived", get("/api/v1/runs", WholeServer.SECRET, BRANCH, "x"), 403);
    made("x");
    Await.until(
        "the new one to be found",
        () -> get("/api/v1/runs", WholeServer.SECRET, BRANCH, "x").status() == 200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "/a", "a/", "a//b", "a..b", "a.lock", "a@{b", "ä", "a~b"})
  void aNameThatGitHasNotIsRefused(String name) {
    Refusals.refused(name, make(name, TOKEN), 400);
  }

  @Test
  void nobodyMakesBranchesWithoutEndOrWithoutAToken() {
    server.postgres.execute(
        """
        insert into environment (id, project_id, slug, parent_id, branch)
          select 'env_' || n, 'p', 'dev/' || n, 'env_dev', n from generate_series(1, 100) n""");

    Refusals.refused("one too many", make("x", TOKEN), 422);
    assertThat(made("7")).isEqualTo("env_7");
    Refusals.refused("a key", make("x", WholeServer.SECRET), 401);
  }
}
