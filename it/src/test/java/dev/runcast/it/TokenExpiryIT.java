package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A token's time bounds the connections that it opened. */
class TokenExpiryIT {
  private final RunWriter sql = Shared.sql();

  @Test
  void endsTheConnectionWithItsToken() {
    String id = sql.insert(run());
    String path = "/realtime/v1/runs/" + id;
    String token = Shared.tokens().expiringAfter(Duration.ofSeconds(6), "read:runs:" + id);
    try (SseProbe probe = Shared.node().follow(path, token).awaitLive()) {
      probe.awaitDisconnected();

      assertThat(probe.frames()).extracting(Frame::name).containsOnlyOnce("token-expiring");
      Frame last = probe.frames().get(probe.frames().size() - 1);
      assertThat(last.name()).isEqualTo("end");
      assertThat(last.data().path("reason").asText()).isEqualTo("token-expired");
      assertThat(last.data().path("retryable").asBoolean()).isTrue();

      sql.update(id, "status = 'EXECUTING'");
      try (SseProbe again = Shared.node().follow(path, token)) {
        assertThat(again.awaitRefusal().status()).isEqualTo(401);
        assertThat(again.awaitRefusal().error()).containsIgnoringCase("expired");
      }
      String renewed = Shared.tokens().granting("read:runs:" + id);
      try (SseProbe again =
          new SseProbe(new SseProbe.Target(Shared.node().port(), path, renewed))
              .connectAfter(last.id())) {
        again.awaitLive().awaitStatus(id, "EXECUTING");
      }
    }
  }
}
