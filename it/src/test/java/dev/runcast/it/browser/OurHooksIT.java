package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.browser.HooksPage.Sockets;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our React hooks in an application that was written for the official ones. */
class OurHooksIT {
  private static final String DONE = "status = 'COMPLETED_SUCCESSFULLY', completed_at = now()";

  @RegisterExtension static final HooksPage page = HooksPage.ofOurs(Shared::node);

  private final Api api = Shared.api();
  private final RunWriter sql = Shared.sql();
  private final HookScenes scenes = new HookScenes(page);

  @AfterEach
  void nothingWasThrown() {
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void aRunIsFollowedToItsEnd() {
    scenes.aRunIsFollowedToItsEnd(true);

    page.await("probes.one.now.connection === 'ended'");
    assertThat(page.read("probes.one.now.error === undefined")).isEqualTo(true);
    page.awaitHere(() -> page.sockets().equals(new Sockets(1, 0)));
  }

  @Test
  void twentyHooksShareOneConnection() {
    String tag = name("many");
    String token = reading("tags:" + tag);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(sql.insert(run().tagged(tag)));
      page.mount("run" + i, "useRealtimeRun", token, ids.get(i));
    }
    page.mount("all", "useRealtimeRunsWithTag", token, tag);
    page.await("probes.all.now?.runs?.length === 20");
    page.await("[...Array(20).keys()].every((i) => probes['run' + i].now?.run)");
    ids.forEach(id -> sql.update(id, DONE));
    page.await(
        "[...Array(20).keys()].every((i) => probes['run' + i].now.run.status === 'COMPLETED')");
    page.await("probes.all.now.runs.every((run) => run.status === 'COMPLETED')");

    assertThat(page.sockets()).isEqualTo(new Sockets(1, 1));
    assertThat(page.requests()).noneMatch(path -> path.startsWith("/realtime/v1/runs"));
  }

  @Test
  void runsOfABatchAreFollowed() {
    String batch = sql.insertBatch(2);
    String one = sql.insert(run().inBatch(batch));
    page.mount("batch", "useRealtimeBatch", reading("batch:" + batch), batch);
    page.await("probes.batch.now?.runs?.[0]?.id === '" + one + "'");
    String two = sql.insert(run().inBatch(batch));
    page.await("probes.batch.now.runs.length === 2");
    sql.update(two, "status = 'TIMED_OUT', completed_at = now()");

    page.await("probes.batch.now.runs.map((run) => run.status).join() === 'QUEUED,TIMED_OUT'");
  }

  @Test
  void aTaskIsTriggeredAndFollowedByTheTokenOfItsHandle() {
    scenes.aTaskIsTriggeredAndFollowed("{ n: 1, at: new Date(0) }, { tags: ['x'] }");

    assertThat(page.read("probes.form.now.run.payload.at instanceof Date")).isEqualTo(true);
    assertThat(page.read("probes.form.now.run.tags")).isEqualTo(List.of("x"));
  }

  @Test
  void whatJsonDoesNotHaveComesAsWhatItWas() {
    String id = sql.insert(run());
    sql.update(
        id,
        """
        payload_type = 'application/super+json', payload = '\
        {"json":{"at":"1970-01-01T00:00:00.007Z","ids":["7"]},\
        "meta":{"values":{"at":["Date"],"ids":["set",{"0":["bigint"]}]}}}'
        """);
    page.mount("one", "useRealtimeRun", reading("runs:" + id), id);
    page.await("probes.one.now?.run");

    assertThat(page.read("probes.one.now.run.payload.at.getTime()")).isEqualTo(7);
    assertThat(page.read("probes.one.now.run.payload.ids.has(7n)")).isEqualTo(true);
    sql.update(
        id,
        DONE
            + """
              , output_type = 'application/super+json', output = '\
              {"json":"1970-01-01T00:00:00.008Z","meta":{"values":["Date"]}}'
              """);
    page.await("probes.one.now.run.output?.getTime?.() === 8");
  }

  @Test
  void aRunIsAskedForUntilItIsDone() {
    String id = sql.insert(run());
    page.mount("asked", "useRun", reading("runs:" + id), id, Map.of("refreshInterval", 50));
    page.await("probes.asked.now?.run?.status === 'QUEUED'");
    sql.update(id, DONE + ", output = '42', output_type = 'application/json'");
    page.await("probes.asked.now.run.status === 'COMPLETED'");

    assertThat(page.read("probes.asked.now.run.output")).isEqualTo(42);
  }

  @Test
  void aWaitTokenIsCompleted() {
    scenes.aWaitTokenIsCompleted();
  }

  @Test
  void aRunAndItsStreamsComeByTheOneConnection() {
    String id = sql.insert(run());
    String token = Shared.tokens().granting("read:runs:" + id, "write:inputStreams:" + id);
    say(id, "text", "hello");
    page.mount("run", "useRealtimeRun", token, id);
    page.await("probes.run.now?.run");
    page.mountTwice("both", "useRealtimeRunWithStreams", token, id);
    page.mount("one", "useRealtimeStream", token, id, "text");
    page.await("probes.both.now?.streams?.text?.join() === 'hello'");
    page.await("probes.one.now?.parts?.join() === 'hello'");
    say(id, "text", " world");
    say(id, "log", "line");
    page.await("probes.both.now.streams.text.join('') === 'hello world'");
    page.await("probes.both.now.streams.log?.join() === 'line'");
    page.await("probes.one.now.parts.join('') === 'hello world'");
    page.mount("late", "useRealtimeStream", token, id, "log");
    page.await("probes.late.now?.parts?.join() === 'line'");

    assertThat(page.sockets()).isEqualTo(new Sockets(1, 1));
    assertThat(page.requests()).noneMatch(path -> path.startsWith("/realtime/v1/"));

    sql.update(id, DONE);
    page.await("probes.run.now.run.status === 'COMPLETED'");
    page.await("probes.one.now.connection === 'ended'");
    assertThat(page.read("probes.one.now.parts.join('')")).isEqualTo("hello world");
    assertThat(page.read("probes.one.now.error === undefined")).isEqualTo(true);
  }

  @Test
  void aPartOfAStreamIsReadAlone() {
    String id = sql.insert(run());
    for (int i = 0; i < 5; i++) {
      say(id, "log", "line " + i);
    }
    Object two = Map.of("maxParts", 2);
    page.mount("two", "useRealtimeStream", reading("runs:" + id), id, "log", two);
    page.await("probes.two.now?.parts?.join() === 'line 3,line 4'");

    assertThat(page.requests()).contains("/realtime/v1/streams/" + id + "/log");
    assertThat(page.sockets()).isEqualTo(new Sockets(0, 0));
  }

  @Test
  void aRunIsSentTo() {
    String id = sql.insert(run());
    String token = Shared.tokens().granting("write:inputStreams:" + id);
    page.mount("chat", "useInputStreamSend", token, "chat", id);
    page.await("probes.chat.now?.isReady");
    page.read("probes.chat.now.send({ text: 'hi' })");
    page.await("probes.chat.now.isLoading === false");

    assertThat(page.read("probes.chat.now.error === undefined")).isEqualTo(true);
    assertThat(
            api.send(
                    "GET",
                    "/realtime/v1/streams/" + id + "/input/chat",
                    null,
                    Map.of("timeout-seconds", "1"))
                .expect(200)
                .body())
        .contains("hi");
  }

  @Test
  void aRefusalIsAnError() {
    String id = sql.insert(run());
    page.mount("refused", "useRealtimeRun", reading("runs:another"), id);
    page.mount("missing", "useRealtimeRun", reading("runs"), "run_that_is_not_there");
    page.mount("malformed", "useRealtimeRun", "no-token", id);
    page.await("probes.refused.now?.error && probes.missing.now?.error");
    page.await("probes.malformed.now?.error");

    assertThat(
            page.read(
                "['refused', 'missing', 'malformed'].map((name) => probes[name].now.error.status)"))
        .isEqualTo(List.of(403, 404, 401));
  }

  private void say(String run, String stream, String text) {
    api.send("POST", "/realtime/v1/streams/" + run + "/self/" + stream + "/append", text, Map.of())
        .expect(200);
  }

  private static String reading(String what) {
    return Shared.tokens().granting("read:" + what);
  }
}
