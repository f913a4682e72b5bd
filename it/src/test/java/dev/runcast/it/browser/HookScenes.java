package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Shared;
import java.util.List;
import java.util.Map;

/** What applications do with hooks, whichever they have: ours stand in for the official ones. */
final class HookScenes {
  private final HooksPage page;
  private final Api api = Shared.api();

  HookScenes(HooksPage page) {
    this.page = page;
  }

  /**
   * A run is triggered, moves and ends, as the probe {@code one} sees it under strict mode or not.
   */
  void aRunIsFollowedToItsEnd(boolean isMountedTwice) {
    String id = api.trigger("send", Map.of("tags", List.of("t")));
    String token = Shared.tokens().granting("read:runs:" + id);
    Object told = Map.of("onComplete", true);
    if (isMountedTwice) {
      page.mountTwice("one", "useRealtimeRun", token, id, told);
    } else {
      page.mount("one", "useRealtimeRun", token, id, told);
    }
    page.await("probes.one.now?.run?.status === 'QUEUED'");
    api.move(id, Map.of("status", "EXECUTING"));
    page.await("probes.one.now.run.status === 'EXECUTING'");
    for (int i = 1; i <= 5; i++) {
      api.move(
          id, Map.of("operations", List.of(Map.of("type", "set", "key", "progress", "value", i))));
    }
    page.await("probes.one.now.run.metadata?.progress === 5");
    api.move(id, Map.of("status", "COMPLETED", "output", Map.of("ok", true)));
    page.await("probes.one.completed.length > 0");

    assertThat(page.read("probes.one.completed.map(({ run }) => run.status)"))
        .isEqualTo(List.of("COMPLETED"));
    assertThat(page.read("probes.one.now.run.output.ok")).isEqualTo(true);
    assertThat(page.read("probes.one.now.run.payload.from")).isEqualTo("test");
    assertThat(page.read("probes.one.now.run.tags")).isEqualTo(List.of("t"));
    assertThat(page.read("probes.one.now.run.finishedAt instanceof Date")).isEqualTo(true);
  }

  /**
   * A task is triggered by the probe {@code form}, and its run followed by the token of its handle.
   *
   * @param order what is submitted, in the page's words
   */
  void aTaskIsTriggeredAndFollowed(String order) {
    String task = name("task");
    String token = Shared.tokens().granting("trigger:tasks:" + task);
    page.mount("form", "useRealtimeTaskTrigger", token, task);
    page.await("probes.form.now?.isLoading === false");
    page.read("probes.form.now.submit(" + order + ")");
    page.await("probes.form.now.run?.status === 'QUEUED'");
    String id = (String) page.read("probes.form.now.handle.id");
    api.move(id, Map.of("status", "EXECUTING"));
    page.await("probes.form.now.run.status === 'EXECUTING'");
    api.move(id, Map.of("status", "COMPLETED", "output", "done"));

    page.await("probes.form.now.run.output === 'done'");
    assertThat(page.read("probes.form.now.run.payload.n")).isEqualTo(1);
  }

  /** A wait token is completed by the public token that came with it. */
  void aWaitTokenIsCompleted() {
    Answer made = api.post("/api/v1/waitpoints/tokens", Map.of()).expect(200);
    String id = made.json().path("id").asText();
    page.mount("wait", "useWaitToken", made.header("x-trigger-jwt").orElseThrow(), id);
    page.await("probes.wait.now?.isReady && !probes.wait.now.isCompleted");
    page.read("probes.wait.now.complete({ approved: true })");
    page.await("probes.wait.now.isCompleted");

    var found = api.get("/api/v1/waitpoints/tokens/" + id).expect(200).json();
    assertThat(found.path("status").asText()).isEqualTo("COMPLETED");
    assertThat(found.path("output").toString()).contains("approved");
  }
}
