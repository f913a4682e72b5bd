package dev.runcast.http;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.DevWorker.Given;
import dev.runcast.store.wait.InputWaitTable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that wait for what is sent in to them. */
class InputWaitsIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);
  private String run;

  @BeforeEach
  void start() {
    worker.register("h", "t");
    run = worker.trigger("t");
    Given given = worker.dequeue().get(0);
    worker.begin(given);
  }

  private Caller.Reply ask(String stream, Integer last, String timeout) {
    JsonObject body = new JsonObject().put("streamId", stream);
    if (last != null) {
      body.put("lastSeqNum", last);
    }
    if (timeout != null) {
      body.put("timeout", timeout);
    }
    return worker.call("POST", "/api/v1/runs/" + run + "/input-streams/wait", body);
  }

  private String waitFor(String stream, Integer last) {
    String waitpoint = new JsonObject(ask(stream, last, null).body()).getString("waitpointId");
    worker.call(
        "POST", "/engine/v1/runs/" + run + "/waitpoints/tokens/" + waitpoint + "/wait", null);
    return waitpoint;
  }

  private void send(String stream, Object data, String... headers) {
    Caller.Reply reply =
        worker.call(
            "POST",
            "/realtime/v1/streams/" + run + "/input/" + stream,
            new JsonObject().put("data", data),
            headers);
    assertThat(reply.status()).isEqualTo(200);
  }

  private void assertWaits() {
    DueNow.look(server.database());
    assertThat(worker.standing(run)).isEqualTo("EXECUTING_WITH_WAITPOINTS");
  }

  private void assertGoesOnWith(String waitpoint, String output) {
    DueNow.look(server.database());
    assertThat(worker.standing(run)).isEqualTo("EXECUTING");
    JsonArray ended = worker.latest(run).getJsonArray("completedWaitpoints");
    assertThat(ended).hasSize(1);
    assertThat(ended.getJsonObject(0).getString("friendlyId")).isEqualTo(waitpoint);
    assertThat(ended.getJsonObject(0).getString("type")).isEqualTo("MANUAL");
    assertThat(ended.getJsonObject(0).getString("output")).isEqualTo(output);
    assertThat(ended.getJsonObject(0).getString("outputType")).isEqualTo("application/json");
  }

  @Test
  void whatIsSentInEndsTheWait() {
    String waitpoint = waitFor("chat", null);
    assertWaits();
    send("other", 1);
    assertWaits();

    send("chat", new JsonObject().put("word", "line\\nbreak"));

    assertGoesOnWith(waitpoint, "{\"word\":\"line\\\\nbreak\"}");
  }

  @Test
  void whatWasSentBeforeEndsItAtOnce() {
    send("chat", "early");

    assertGoesOnWith(waitFor("chat", null), "\"early\"");
  }

  @Test
  void eachIsHadOnceInItsOrder() {
    for (int i = 0; i < 3; i++) {
      send("chat", i);
    }

    assertGoesOnWith(waitFor("chat", null), "0");
    assertGoesOnWith(waitFor("chat", 0), "1");
    assertGoesOnWith(waitFor("chat", 1), "2");
    String next = waitFor("chat", 2);
    assertWaits();
    send("chat", 3);
    assertGoesOnWith(next, "3");
  }

  @Test
  void whatIsSentTwiceUnderOneKeyCountsOnce() {
    send("chat", 0, "x-trigger-request-idempotency-key", "same");
    send("chat", 0, "x-trigger-request-idempotency-key", "same");

    assertGoesOnWith(waitFor("chat", null), "0");
    waitFor("chat", 0);
    assertWaits();
  }

  @Test
  void noChunkComesUnnoticedBetweenTheLookAndTheWait() throws Exception {
    for (int round = 0; round < 20; round++) {
      String stream = "s" + round;
      List<Thread> all = new ArrayList<>();
      all.add(new Thread(() -> ask(stream, null, null)));
      all.add(new Thread(() -> send(stream, 1)));
      all.forEach(Thread::start);
      for (Thread each : all) {
        each.join();
      }
    }

    assertThat(server.query("select from input_wait")).isEmpty();
    assertThat(server.query("select from waitpoint where status = 'COMPLETED'")).hasSize(20);
  }

  @Test
  void whoWaitsAndWhoSendsDoNotWaitForEachOther() throws Exception {
    for (int round = 0; round < 40; round++) {
      String stream = "d" + round;
      String waitpoint = new JsonObject(ask(stream, null, null).body()).getString("waitpointId");
      List<Integer> statuses = new CopyOnWriteArrayList<>();
      String wait = "/engine/v1/runs/" + run + "/waitpoints/tokens/" + waitpoint + "/wait";
      Thread waits = new Thread(() -> statuses.add(worker.call("POST", wait, null).status()));
      Thread sends = new Thread(() -> send(stream, 1));
      waits.start();
      sends.start();
      waits.join();
      sends.join();
      assertThat(statuses).containsExactly(200);
      assertGoesOnWith(waitpoint, "1");
    }
  }

  @Test
  void aKeyFindsTheWaitpointThatItStandsFor() {
    JsonObject body = new JsonObject().put("streamId", "chat").put("idempotencyKey", "k");
    String path = "/api/v1/runs/" + run + "/input-streams/wait";

    JsonObject first = new JsonObject(worker.call("POST", path, body).body());
    JsonObject again = new JsonObject(worker.call("POST", path, body).body());

    assertThat(first.getBoolean("isCached")).isFalse();
    assertThat(again.getBoolean("isCached")).isTrue();
    assertThat(again.getString("waitpointId")).isEqualTo(first.getString("waitpointId"));
  }

  @Test
  void aTimeoutIsKept() {
    assertThat(ask("chat", null, "1h").status()).isEqualTo(200);

    assertThat(server.query("select from due where kind = 'WAITPOINT'")).hasSize(1);
    send("chat", 1);
    assertThat(server.query("select from due where kind = 'WAITPOINT'")).isEmpty();
  }

  @Test
  void aRunThatHasFinishedOrIsUnknownWaitsForNothing() {
    assertThat(
            worker
                .call(
                    "POST",
                    "/api/v1/runs/run_nobody/input-streams/wait",
                    new JsonObject().put("streamId", "chat"))
                .status())
        .isEqualTo(404);
    assertThat(ask("", null, null).status()).isEqualTo(422);
    assertThat(ask("$$trace", null, null).status()).isEqualTo(400);
    assertThat(ask("chat", -1, null).status()).isEqualTo(422);
    worker.call("POST", "/api/v2/runs/" + run + "/cancel", null);
    assertThat(ask("chat", null, null).status()).isEqualTo(422);
  }

  @Test
  void whatNobodyWaitsForAnyMoreIsRemoved() {
    waitFor("chat", null);
    assertThat(sweep()).isZero();

    worker.call("POST", "/api/v2/runs/" + run + "/cancel", null);

    assertThat(sweep()).isEqualTo(1);
    assertThat(server.query("select from input_wait")).isEmpty();
    assertThat(server.query("select from waitpoint")).isEmpty();
  }

  private int sweep() {
    Future<Integer> removed =
        server.database().transaction(transaction -> new InputWaitTable(transaction).remove(10));
    return await(removed);
  }
}
