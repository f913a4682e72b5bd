package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The official React hooks, unmodified, in a page of another origin. */
class HooksIT {
  private static final String DONE = "status = 'COMPLETED_SUCCESSFULLY', completed_at = now()";

  @RegisterExtension static final HooksPage page = HooksPage.of("4.8.3");

  private final Api api = Shared.api();
  private final RunWriter sql = Shared.sql();
  private final HookScenes scenes = new HookScenes(page);

  @AfterEach
  void nothingWasThrown() {
    assertThat(page.errors()).isEmpty();
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeRun")
  void aRunIsFollowedToItsEnd() {
    scenes.aRunIsFollowedToItsEnd(false);

    assertThat(page.read("probes.one.completed.map(({ error }) => error)"))
        .isEqualTo(Collections.singletonList(null));
    assertThat(page.read("document.querySelector('#one').textContent.includes('COMPLETED')"))
        .isEqualTo(true);
    assertThat((List<?>) page.read("probes.one.told.map((run) => run.status)"))
        .as("states in their order")
        .extracting(status -> List.of("QUEUED", "EXECUTING", "COMPLETED").indexOf(status))
        .isSorted();
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeRun")
  void aRunIsFollowedWithoutTheColumnsThatAreSkipped() {
    String id = sql.insert(run().carrying("\"secret\""));
    Object skip = Map.of("skipColumns", List.of("payload", "output"));
    page.mount("one", "useRealtimeRun", reading("runs:" + id), id, skip);
    page.await("probes.one.now?.run?.status === 'QUEUED'");
    sql.update(id, DONE + ", output = '1'");
    page.await("probes.one.now.run.status === 'COMPLETED'");

    assertThat(page.read("probes.one.told.every((run) => !('payload' in run || 'output' in run))"))
        .isEqualTo(true);
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeRun")
  void aRunIsNotFollowedAfterStop() {
    String id = sql.insert(run());
    String token = reading("runs:" + id);
    page.mount("stopped", "useRealtimeRun", token, id);
    page.mount("going", "useRealtimeRun", token, id);
    page.await("probes.stopped.now?.run && probes.going.now?.run");
    page.read("probes.stopped.now.stop()");
    sql.update(id, "status = 'EXECUTING'");
    page.await("probes.going.now.run.status === 'EXECUTING'");

    assertThat(page.read("probes.stopped.now.run.status")).isEqualTo("QUEUED");
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeRun")
  void aRunCanChangeAfterItsEndForWhoDoesNotStopThen() {
    String id = sql.insert(run());
    Object stay = Map.of("stopOnCompletion", false);
    page.mount("one", "useRealtimeRun", reading("runs:" + id), id, stay);
    page.await("probes.one.now?.run?.status === 'QUEUED'");
    sql.update(id, DONE);
    page.await("probes.one.now.run.status === 'COMPLETED'");
    sql.update(id, "metadata = '{\"late\":1}', metadata_type = 'application/json'");

    page.await("probes.one.now.run.metadata?.late === 1");
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeRun")
  void aRunIsFollowedUnderStrictModeThatMountsTwice() {
    String id = sql.insert(run());
    page.mountTwice("one", "useRealtimeRun", reading("runs:" + id), id, Map.of("onComplete", true));
    page.await("probes.one.now?.run?.status === 'QUEUED'");
    sql.update(id, "status = 'EXECUTING'");
    page.await("probes.one.now.run.status === 'EXECUTING'");
    sql.update(id, DONE);
    page.await("probes.one.completed.length > 0");

    assertThat(page.read("probes.one.told.map((run) => run.status)"))
        .isEqualTo(List.of("QUEUED", "EXECUTING", "COMPLETED"));
    assertThat(page.read("probes.one.now.error === undefined")).isEqualTo(true);
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeRunsWithTag")
  void runsAreFollowedByTheTagsThatTheyAllCarry() {
    String user = name("user:");
    String order = name("order:");
    String both = sql.insert(run().tagged(user, order));
    String half = sql.insert(run().tagged(user));
    page.mount("all", "useRealtimeRunsWithTag", reading("tags:" + user), List.of(user, order));
    page.await("probes.all.now?.runs?.[0]?.id === '" + both + "'");
    sql.update(half, "status = 'EXECUTING'");
    String fresh = sql.insert(run().tagged(order, user));
    page.await("probes.all.now.runs.length === 2");
    sql.update(both, DONE);
    page.await("probes.all.now.runs[0].status === 'COMPLETED'");

    assertThat(page.read("probes.all.now.runs.map((run) => run.id)"))
        .as("oldest first")
        .isEqualTo(List.of(both, fresh));
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeRunsWithTag")
  void runsAreFollowedThatWereCreatedOfLate() {
    String tag = name("late");
    String old = insertTwoHoursAgo(tag);
    String young = sql.insert(run().tagged(tag));
    Object hour = Map.of("createdAt", "1h", "skipColumns", List.of("payload"));
    page.mount("late", "useRealtimeRunsWithTag", reading("tags:" + tag), tag, hour);
    page.await("probes.late.now?.runs?.length === 1");
    sql.update(old, "status = 'EXECUTING'");
    sql.update(young, "status = 'EXECUTING'");
    page.await("probes.late.now.runs[0].status === 'EXECUTING'");

    assertThat(page.read("probes.late.now.runs.map((run) => run.id)")).isEqualTo(List.of(young));
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeBatch")
  void theRunsOfABatchAreFollowed() {
    String batch = sql.insertBatch(2);
    String one = sql.insert(run().inBatch(batch));
    page.mount("batch", "useRealtimeBatch", reading("batch:" + batch), batch);
    page.await("probes.batch.now?.runs?.length === 1");
    String two = sql.insert(run().inBatch(batch));
    page.await("probes.batch.now.runs.length === 2");
    sql.transact(
        transaction -> {
          transaction.update(one, DONE);
          transaction.update(two, "status = 'TIMED_OUT', completed_at = now()");
        });

    page.await("probes.batch.now.runs.map((run) => run.status).join() === 'COMPLETED,TIMED_OUT'");
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRun")
  void aRunIsAskedForAgainAndAgainUntilItIsDone() {
    String id = sql.insert(run());
    page.mount("asked", "useRun", reading("runs:" + id), id, Map.of("refreshInterval", 50));
    page.await("probes.asked.now?.run?.status === 'QUEUED'");
    sql.update(id, "status = 'EXECUTING'");
    page.await("probes.asked.now.run.status === 'EXECUTING'");
    sql.update(id, DONE + ", output = '42', output_type = 'application/json'");
    page.await("probes.asked.now.run.status === 'COMPLETED'");

    assertThat(page.read("probes.asked.now.run.output")).isEqualTo(42);
    assertThat(page.read("probes.asked.now.error === undefined")).isEqualTo(true);
  }

  @Test
  @Conformance(client = "4.8.3", function = "useTaskTrigger")
  void aTaskIsTriggeredWithItsOptions() {
    String task = name("task");
    String tag = name("by");
    page.mount("form", "useTaskTrigger", Shared.tokens().granting("trigger:tasks:" + task), task);
    page.await("probes.form.now?.isLoading === false");
    page.read(
        "probes.form.now.submit({ to: 'ada', at: new Date(0) }, { tags: ['"
            + tag
            + "'], delay: '1h', metadata: { from: 'a form' } })");
    page.await("probes.form.now.handle?.id");

    var made = api.get("/api/v3/runs/" + page.read("probes.form.now.handle.id")).expect(200).json();
    assertThat(made.path("taskIdentifier").asText()).isEqualTo(task);
    assertThat(made.path("status").asText()).isEqualTo("DELAYED");
    assertThat(made.at("/payload/to").asText()).isEqualTo("ada");
    assertThat(made.at("/tags/0").asText()).isEqualTo(tag);
    assertThat(made.at("/metadata/from").asText()).isEqualTo("a form");
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useRealtimeTaskTrigger", "publicAccessToken"})
  void aTaskIsTriggeredAndFollowedByTheTokenOfItsHandle() {
    scenes.aTaskIsTriggeredAndFollowed("{ n: 1 }");
  }

  @Test
  @Conformance(client = "4.8.3", function = "useWaitToken")
  void aWaitTokenIsCompletedByTheTokenThatCameWithIt() {
    scenes.aWaitTokenIsCompleted();
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useApiClient", "useTriggerAuthContext", "useTriggerAuthContextOptional"})
  void componentsReachTheServiceThroughTheirContext() {
    String id = sql.insert(run());
    String token = reading("runs:" + id);
    page.mount("client", "useApiClient", token);
    page.mount("context", "useTriggerAuthContext", token);
    page.mount("optional", "useTriggerAuthContextOptional", token);
    page.await("probes.client.now && probes.context.now && probes.optional.now");

    assertThat(page.read("probes.client.now.retrieveRun('" + id + "').then((run) => run.status)"))
        .isEqualTo("QUEUED");
    assertThat(page.read("probes.context.now.accessToken")).isEqualTo(token);
    assertThat(page.read("probes.optional.now.baseURL")).isEqualTo(page.relay().url());
  }

  @Test
  void theBrowserAsksLeaveForEachKindOfRequestAndGetsIt() {
    String task = name("task");
    String id = sql.insert(run());
    String token = Shared.tokens().granting("read:runs:" + id, "trigger:tasks:" + task);
    page.mount("followed", "useRealtimeRun", token, id);
    page.mount("asked", "useRun", token, id);
    page.mount("form", "useTaskTrigger", token, task);
    page.await("probes.followed.now?.run && probes.asked.now?.run && probes.form.now");
    page.read("probes.form.now.submit({})");
    page.await("probes.form.now.handle");

    page.awaitHere(
        () ->
            page.preflights().stream().anyMatch(path -> path.startsWith("/realtime/v1/runs/" + id))
                && page.preflights().contains("/api/v3/runs/" + id)
                && page.preflights().contains("/api/v1/tasks/" + task + "/trigger"));
  }

  @Test
  void theBrowserWouldRefuseAServiceThatDoesNotAllowIt() {
    try (OtherOrigin silent = OtherOrigin.start()) {
      assertThat(
              page.read("fetch('" + silent.url() + "').then(() => 'read', (error) => error.name)"))
          .isEqualTo("TypeError");
    }
  }

  private String insertTwoHoursAgo(String tag) {
    String id = name("run");
    sql.transact(
        transaction ->
            transaction.execute(
                """
                insert into run (environment_id, id, task_identifier, tags, created_at)
                values (?, ?, 'it-task', array[?]::text[], now() - interval '2 hours')
                """,
                sql.environment(),
                id,
                tag));
    return id;
  }

  private static String reading(String what) {
    return Shared.tokens().granting("read:" + what);
  }
}
