package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestTokens;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the official React hooks show of a refusal: an error that says why. */
class HooksRefusalIT {
  @RegisterExtension static final HooksPage page = HooksPage.of("4.8.3");

  private final RunWriter sql = Shared.sql();
  private final TestTokens tokens = Shared.tokens();

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useRealtimeRun", "useRealtimeRunsWithTag", "useRealtimeBatch", "useRun"})
  void anExpiredTokenIsAnError() {
    everyWayToFollowShows(401, tokens.expired("read:runs", "read:tags", "read:batch"));
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useRealtimeRun", "useRealtimeRunsWithTag", "useRealtimeBatch", "useRun"})
  void aTokenForSomethingElseIsAnError() {
    everyWayToFollowShows(
        403, tokens.granting("read:runs:run_other", "read:tags:other", "read:batch:other"));
  }

  private void everyWayToFollowShows(int status, String token) {
    String id = sql.insert(run());
    page.mount("one", "useRealtimeRun", token, id);
    page.mount("tag", "useRealtimeRunsWithTag", token, name("tag"));
    page.mount("batch", "useRealtimeBatch", token, sql.insertBatch(1));
    page.mount("asked", "useRun", token, id);

    for (String probe : new String[] {"one", "tag", "batch", "asked"}) {
      awaitError(probe, status);
    }
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useRealtimeRun", "useRealtimeBatch", "useRun"})
  void whatDoesNotExistIsAnError() {
    String token = tokens.granting("read:runs", "read:batch");
    page.mount("one", "useRealtimeRun", token, name("run_not"));
    page.mount("batch", "useRealtimeBatch", token, name("batch_not"));
    page.mount("asked", "useRun", token, name("run_not"));

    for (String probe : new String[] {"one", "batch", "asked"}) {
      awaitError(probe, 404);
    }
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useTaskTrigger", "useRealtimeTaskTrigger"})
  void aTaskThatTheTokenDoesNotGrantIsAnError() {
    String other = tokens.granting("trigger:tasks:other", "write:tasks:wanted");
    page.mount("form", "useTaskTrigger", other, "wanted");
    page.mount("live", "useRealtimeTaskTrigger", other, "wanted-too");
    page.await("probes.form.now && probes.live.now");
    page.read("probes.form.now.submit({})");
    page.read("probes.live.now.submit({})");

    awaitError("form", 403);
    awaitError("live", 403);
  }

  @Test
  @Conformance(client = "4.8.3", function = "useWaitToken")
  void aWaitTokenOfSomebodyElseIsAnError() {
    Answer made = Shared.api().post("/api/v1/waitpoints/tokens", Map.of()).expect(200);
    String id = made.json().path("id").asText();
    page.mount("wait", "useWaitToken", tokens.granting("write:waitpoints:other"), id);
    page.await("probes.wait.now?.isReady");
    page.read("probes.wait.now.complete('mine')");

    awaitError("wait", 403);
    assertThat(page.read("probes.wait.now.isCompleted")).isEqualTo(false);
  }

  /** The hook cannot ask for a new token: an application sees the error, and mounts it anew. */
  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeRun")
  void aTokenThatEndsWhileItIsUsedIsAnErrorAndANewOneGoesOn() {
    String id = sql.insert(run());
    String brief = tokens.expiringAfter(Duration.ofSeconds(12), "read:runs:" + id);
    page.mount("brief", "useRealtimeRun", brief, id);
    page.await("probes.brief.now?.run?.status === 'QUEUED'");
    Await.until(
        "the token to be refused",
        () -> {
          // Each change ends a request that is held, so that another one comes.
          sql.update(id, "metadata = ?", "{\"at\":" + System.nanoTime() + "}");
          return page.read("probes.brief.now.error !== undefined").equals(true);
        });
    awaitError("brief", 401);

    page.mount("again", "useRealtimeRun", tokens.granting("read:runs:" + id), id);
    page.await("probes.again.now?.run?.status === 'QUEUED'");
    sql.update(id, "status = 'EXECUTING'");
    page.await("probes.again.now.run.status === 'EXECUTING'");
  }

  private static void awaitError(String probe, int status) {
    page.await("probes." + probe + ".now?.error");
    assertThat(page.read("probes." + probe + ".now.error.status")).as(probe).isEqualTo(status);
    assertThat(page.read("document.querySelector('#" + probe + "').textContent").toString())
        .as("the page shows it")
        .contains("\"error\":");
  }
}
