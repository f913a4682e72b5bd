package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The official React hooks of the generation before, unmodified, in a page of another origin. */
class LegacyHooksIT {
  private static final String DONE = "status = 'COMPLETED_SUCCESSFULLY', completed_at = now()";

  @RegisterExtension static final HooksPage page = HooksPage.of("3.3.17");

  private final Api api = Shared.api();
  private final RunWriter sql = Shared.sql();

  @Test
  @Conformance(
      client = "3.3.17",
      function = {"useRealtimeRun", "useRun"})
  void aRunIsFollowedAndAskedForUntilItsEnd() {
    String id = api.trigger("send", Map.of("tags", List.of("t")));
    String token = reading("runs:" + id);
    page.mount("one", "useRealtimeRun", token, id, Map.of("onComplete", true));
    page.mount("asked", "useRun", token, id, Map.of("refreshInterval", 50));
    page.await("probes.one.now?.run?.status === 'QUEUED'");
    page.await("probes.asked.now?.run?.status === 'QUEUED'");
    api.move(id, Map.of("status", "DEQUEUED"));
    page.await("probes.one.now.run.status === 'EXECUTING'");
    page.relay().cut();
    api.move(id, Map.of("status", "EXECUTING"));
    api.move(id, Map.of("status", "COMPLETED", "output", Map.of("ok", true)));

    page.await("probes.one.now.run.output?.ok && probes.asked.now.run.output?.ok");
    assertThat(page.read("[probes.one, probes.asked].map((probe) => probe.now.run.status)"))
        .isEqualTo(List.of("COMPLETED", "COMPLETED"));
  }

  @Test
  @Conformance(
      client = "3.3.17",
      function = {"useRealtimeRunsWithTag", "useRealtimeBatch"})
  void runsAreFollowedByTagAndByBatch() {
    String tag = name("tag");
    String batch = sql.insertBatch(2);
    String token = Shared.tokens().granting("read:tags:" + tag, "read:batch:" + batch);
    String one = sql.insert(run().tagged(tag).inBatch(batch));
    page.mount("tagged", "useRealtimeRunsWithTag", token, tag);
    page.mount("batch", "useRealtimeBatch", token, batch);
    page.await("probes.tagged.now?.runs?.length === 1 && probes.batch.now?.runs?.length === 1");
    sql.insert(run().tagged(tag).inBatch(batch));
    sql.update(one, DONE);

    for (String probe : List.of("tagged", "batch")) {
      page.await(
          "probes."
              + probe
              + ".now.runs.map((run) => run.status).sort().join() === 'COMPLETED,QUEUED'");
    }
  }

  @Test
  @Conformance(
      client = "3.3.17",
      function = {"useTaskTrigger", "useRealtimeTaskTrigger", "publicAccessToken"})
  void aTaskIsTriggeredAndFollowedByTheTokenOfItsHandle() {
    String token = Shared.tokens().granting("trigger:tasks:plain", "trigger:tasks:live");
    page.mount("plain", "useTaskTrigger", token, "plain");
    page.mount("live", "useRealtimeTaskTrigger", token, "live");
    page.await("probes.plain.now && probes.live.now");
    page.read("probes.plain.now.submit({ n: 1 })");
    page.read("probes.live.now.submit({ n: 2 })");
    page.await("probes.plain.now.handle && probes.live.now.run");
    String plain = (String) page.read("probes.plain.now.handle.id");
    api.move((String) page.read("probes.live.now.handle.id"), Map.of("status", "EXECUTING"));
    page.await("probes.live.now.run.status === 'EXECUTING'");

    assertThat(api.get("/api/v3/runs/" + plain).json().at("/payload/n").asInt()).isEqualTo(1);
    assertThat(page.read("probes.live.now.run.payload.n")).isEqualTo(2);
  }

  @Test
  @Conformance(
      client = "3.3.17",
      function = {"useRealtimeRunWithStreams", "useRealtimeTaskTriggerWithStreams"})
  void streamsAreReadWithTheRun() {
    String token = Shared.tokens().granting("trigger:tasks:talk");
    page.mount("form", "useRealtimeTaskTriggerWithStreams", token, "talk");
    page.await("probes.form.now?.isLoading === false");
    page.read("probes.form.now.submit({})");
    page.await("probes.form.now.run?.status === 'QUEUED'");
    String id = (String) page.read("probes.form.now.handle.id");
    page.mount("run", "useRealtimeRunWithStreams", reading("runs:" + id), id);
    page.await("probes.run.now?.run?.status === 'QUEUED'");
    append(id, "hello");
    page.await("probes.form.now.streams.words?.join() === 'hello'");
    append(id, "world");
    api.move(id, Map.of("status", "COMPLETED"));

    for (String probe : List.of("form", "run")) {
      page.await("probes." + probe + ".now.run.status === 'COMPLETED'");
      page.await("probes." + probe + ".now.streams.words?.join() === 'hello,world'");
    }
  }

  private void append(String run, String text) {
    api.send("POST", "/realtime/v1/streams/" + run + "/self/words/append", text, Map.of())
        .expect(200);
  }

  @Test
  @Conformance(
      client = "3.3.17",
      function = {
        "useRealtimeRun",
        "useApiClient",
        "useTriggerAuthContext",
        "useTriggerAuthContextOptional"
      })
  void whatIsRefusedIsAnError() {
    String id = sql.insert(run());
    String token = reading("runs:run_other");
    for (String hook :
        List.of("useApiClient", "useTriggerAuthContext", "useTriggerAuthContextOptional")) {
      page.mount(hook, hook, token);
    }
    page.mount("one", "useRealtimeRun", token, id);
    page.await("probes.useApiClient.now && probes.one.now?.error");

    assertThat(
            page.read(
                "probes.useApiClient.now.retrieveRun('" + id + "').catch((error) => error.status)"))
        .isEqualTo(403);
    page.await("probes.useTriggerAuthContext.now?.accessToken === '" + token + "'");
    page.await("probes.useTriggerAuthContextOptional.now?.accessToken === '" + token + "'");
  }

  private static String reading(String what) {
    return Shared.tokens().granting("read:" + what);
  }
}
