package dev.runcast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The feed of one run, from its trigger to its end. */
class RunSubscriptionIT {
  private final Api api = Shared.api();

  @Test
  void followsARunFromTriggerToCompletion() {
    String id = api.trigger("it-order", Map.of("order", 7), Map.of("tags", List.of("it-lived")));
    try (SseProbe probe = follow(id).awaitLive()) {
      assertThat(probe.status(id)).isEqualTo("QUEUED");
      assertThat(probe.column(id, "payload").path("order").asInt()).isEqualTo(7);

      api.move(id, Map.of("status", "EXECUTING"));
      probe.awaitStatus(id, "EXECUTING");
      api.move(
          id,
          Map.of("operations", List.of(Map.of("type", "set", "key", "progress", "value", 0.5))));
      probe.await(
          "the progress",
          known -> known.get(id).columns().path("metadata").path("progress").asDouble() == 0.5);
      api.move(id, Map.of("status", "COMPLETED", "output", Map.of("sent", true)));
      probe.awaitStatus(id, "COMPLETED");

      assertThat(probe.column(id, "output").path("sent").asBoolean()).isTrue();
      assertThat(probe.column(id, "payload").path("order").asInt()).isEqualTo(7);
      assertThat(probe.runs()).containsExactly(id);
      assertOneMoreVersionEach(probe.frames("run"));
      assertEndsInOneEvent(probe.frames("run"));
      assertThat(probe.table()).isEqualTo(Shared.sql().rows("id = ?", id));
    }
  }

  @Test
  void tellsThatADebouncedRunIsPushedOn() {
    Map<String, Object> debounce = Map.of("key", "it-pushed", "delay", "1h", "mode", "trailing");
    Map<String, Object> options = Map.of("debounce", debounce);
    String id = api.trigger("it-order", Map.of("order", 1), options);
    try (SseProbe probe = follow(id).awaitLive()) {
      String before = probe.column(id, "delayedUntil").asText();

      assertThat(api.trigger("it-order", Map.of("order", 2), options)).isEqualTo(id);
      probe.await(
          "the newest payload",
          known -> known.get(id).columns().path("payload").path("order").asInt() == 2);

      assertThat(probe.column(id, "delayedUntil").asText()).isGreaterThan(before);
      assertThat(probe.status(id)).isEqualTo("DELAYED");
      assertOneMoreVersionEach(probe.frames("run"));
      assertThat(probe.table()).isEqualTo(Shared.sql().rows("id = ?", id));
    }
  }

  @Test
  void anUnknownRunIsNotFound() {
    try (SseProbe probe = follow("run_nobodyMadeThis")) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(404);
      assertThat(probe.awaitRefusal().error()).contains("run_nobodyMadeThis");
    }
  }

  @Test
  void tellsThatTheRunIsGoneAndStaysOpen() {
    String id = api.trigger("it-order", Map.of());
    try (SseProbe probe = follow(id).awaitLive()) {
      Shared.sql().update(id, "status = 'DELETED'");

      Frame leave = probe.awaitFrame("leave", frame -> frame.name().equals("leave"));
      assertThat(leave.run()).isEqualTo(id);
      assertThat(leave.data().path("reason").asText()).isEqualTo("deleted");
      probe.await("the run to be gone", known -> known.rows().isEmpty());
      assertThat(probe.isConnected()).isTrue();
    }
  }

  @Test
  void asksForOneOfTwoProtocols() {
    String id = api.trigger("it-order", Map.of());

    String error = api.get("/realtime/v1/runs/" + id).expect(400).error();

    assertThat(error).contains("text/event-stream").contains("offset");
  }

  private static void assertOneMoreVersionEach(List<Frame> changes) {
    for (int i = 0; i < changes.size(); i++) {
      assertThat(changes.get(i).data().path("version").asInt()).isEqualTo(i + 2);
      assertThat(changes.get(i).data().path("lsn").asText()).contains("/");
      assertThat(Instant.parse(changes.get(i).data().path("committedAt").asText())).isNotNull();
    }
  }

  private static void assertEndsInOneEvent(List<Frame> changes) {
    Frame last = changes.get(changes.size() - 1);
    assertThat(last.columns().path("status").asText()).isEqualTo("COMPLETED");
    assertThat(last.columns().path("output").path("sent").asBoolean()).isTrue();
    assertThat(last.columns().path("finishedAt").asText()).endsWith("Z");
  }

  private static SseProbe follow(String id) {
    return Shared.node().follow("/realtime/v1/runs/" + id);
  }
}
