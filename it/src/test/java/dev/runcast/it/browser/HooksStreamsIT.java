package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Shared;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The official React hooks, unmodified, read the streams of runs and send into them. */
class HooksStreamsIT {
  @RegisterExtension static final HooksPage page = HooksPage.of("4.8.3");

  private final Api api = Shared.api();

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeRunWithStreams")
  void aRunIsFollowedTogetherWithItsStreams() {
    String id = api.trigger("talk", Map.of());
    page.mount("run", "useRealtimeRunWithStreams", reading(id), id, Map.of("onComplete", true));
    page.await("probes.run.now?.run?.status === 'QUEUED'");
    append(id, "words", "one");
    page.await("probes.run.now.streams.words?.join() === 'one'");
    ingest(id, "numbers", "{\"n\":1}\n{\"n\":2}\n");
    page.await("probes.run.now.streams.numbers?.map(({ n }) => n).join() === '1,2'");
    api.move(id, Map.of("status", "EXECUTING"));
    page.await("probes.run.now.run.status === 'EXECUTING'");

    page.relay().cut();
    append(id, "words", "two");
    append(id, "words", "three");
    page.await("probes.run.now.streams.words.join() === 'one,two,three'");
    append(id, "words", "four");
    api.move(id, Map.of("status", "COMPLETED", "output", "said"));

    page.await("probes.run.now.run.output === 'said'");
    page.await("probes.run.now.streams.words.join() === 'one,two,three,four'");
    page.await("probes.run.completed.length === 1");
    assertThat(page.read("probes.run.now.error === undefined")).isEqualTo(true);
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeStream")
  void aStreamIsReadPieceByPieceThroughANetworkThatIsCut() {
    String id = api.trigger("talk", Map.of());
    page.mount("parts", "useRealtimeStream", reading(id), id, "words");
    page.await("probes.parts.now");
    for (int i = 0; i < 4; i++) {
      append(id, "words", "word " + i);
      page.await("probes.parts.now.parts.length === " + (i + 1));
      page.relay().cut();
    }

    assertThat(page.read("probes.parts.now.parts"))
        .as("each once, in order")
        .isEqualTo(List.of("word 0", "word 1", "word 2", "word 3"));
    assertThat((String) page.read("probes.parts.now.lastEventId")).endsWith("-3");
    assertThat(page.read("probes.parts.now.error === undefined")).isEqualTo(true);
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeStream")
  void aStreamIsReadFromAPlaceInIt() {
    String id = api.trigger("talk", Map.of());
    ingest(id, "default", "\"a\"\n\"b\"\n\"c\"\n\"d\"\n");
    page.mount("later", "useRealtimeStream", reading(id), id, Map.of("startIndex", 2));
    page.mount("latest", "useRealtimeStream", reading(id), id, Map.of("from", "latest"));
    page.await("probes.later.now?.parts.join() === 'c,d' && probes.latest.now");
    AtomicInteger count = new AtomicInteger();
    // When it has come to the end can't be told from outside: so it is told until it hears.
    Await.until(
        "the last one to hear",
        () -> {
          append(id, "default", "new " + count.incrementAndGet());
          return page.read("probes.latest.now.parts.length > 0").equals(true);
        });
    page.await("probes.later.now.parts.length === " + (2 + count.get()));

    assertThat((String) page.read("probes.latest.now.parts[0]")).startsWith("new ");
  }

  @Test
  @Conformance(client = "4.8.3", function = "useRealtimeTaskTriggerWithStreams")
  void aTaskIsTriggeredAndItsStreamsAreRead() {
    String task = name("talk");
    String token = Shared.tokens().granting("trigger:tasks:" + task);
    page.mount("form", "useRealtimeTaskTriggerWithStreams", token, task);
    page.await("probes.form.now?.isLoading === false");
    page.read("probes.form.now.submit({ n: 1 })");
    page.await("probes.form.now.run?.status === 'QUEUED'");
    String id = (String) page.read("probes.form.now.handle.id");
    append(id, "words", "hello");
    page.await("probes.form.now.streams.words?.join() === 'hello'");
    append(id, "words", "world");
    api.move(id, Map.of("status", "COMPLETED"));

    page.await("probes.form.now.run.status === 'COMPLETED'");
    page.await("probes.form.now.streams.words.join() === 'hello,world'");
  }

  @Test
  @Conformance(client = "4.8.3", function = "useInputStreamSend")
  void somethingIsSentInToARunByTheTokenOfItsHandle() {
    Answer made = api.post("/api/v1/tasks/talk/trigger", Map.of("payload", 1)).expect(200);
    String id = made.json().path("id").asText();
    page.mount("in", "useInputStreamSend", jwt(made), "approvals", id);
    page.await("probes.in.now?.isReady");
    page.read("probes.in.now.send({ approved: true })");
    page.awaitHere(() -> heardBy(id, "approvals").contains("{\"approved\":true}"));

    page.await("probes.in.now.isLoading === false");
    assertThat(page.read("probes.in.now.error === undefined")).isEqualTo(true);
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useRealtimeStream", "useInputStreamSend"})
  void whatATokenDoesNotGrantIsAnError() {
    String id = api.trigger("talk", Map.of());
    String other = Shared.tokens().granting("read:runs:other", "write:inputStreams:other");
    page.mount("parts", "useRealtimeStream", other, id, "words");
    page.mount("in", "useInputStreamSend", other, "approvals", id);
    page.await("probes.in.now?.isReady");
    page.read("probes.in.now.send('mine')");

    for (String probe : List.of("parts", "in")) {
      page.await("probes." + probe + ".now.error");
      assertThat(page.read("probes." + probe + ".now.error.status")).isEqualTo(403);
    }
  }

  private static String reading(String run) {
    return Shared.tokens().granting("read:runs:" + run);
  }

  private static String jwt(Answer made) {
    return made.header("x-trigger-jwt").orElseThrow();
  }

  private void append(String run, String key, String text) {
    api.send("POST", "/realtime/v1/streams/" + run + "/self/" + key + "/append", text, Map.of())
        .expect(200);
  }

  private void ingest(String run, String key, String lines) {
    api.send("POST", "/realtime/v1/streams/" + run + "/self/" + key, lines, Map.of()).expect(200);
  }

  /** What has come to the task, as it reads it: until nothing more came for a second. */
  private String heardBy(String run, String input) {
    return api.send(
            "GET",
            "/realtime/v1/streams/" + run + "/input/" + input,
            null,
            Map.of("timeout-seconds", "1"))
        .expect(200)
        .body();
  }
}
