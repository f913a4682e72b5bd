package dev.runcast.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.tokens.SigningKey;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KeyCacheTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final FakeKeys keys = new FakeKeys();
  private final KeyCache cache = keys.cache(now::get);

  @Test
  void asksOnceForAKeyThatIsUsedOften() {
    keys.with("env_a", "tr_dev_a");

    for (int i = 0; i < 3; i++) {
      assertThat(cache.keysOf("env_a").result()).isPresent();
    }

    assertThat(keys.lookups()).isEqualTo(1);
  }

  @Test
  void forgetsAKeyAfterAFewSeconds() {
    keys.with("env_a", "tr_dev_a");
    cache.keysOf("env_a");

    now.set(START.plus(Duration.ofSeconds(5)));
    cache.keysOf("env_a");

    assertThat(keys.lookups()).isEqualTo(2);
  }

  @Test
  void soonSeesAKeyThatWasMissing() {
    assertThat(cache.keysOf("env_a").result()).isEmpty();
    keys.with("env_a", "tr_dev_a");
    assertThat(cache.keysOf("env_a").result()).isEmpty();

    now.set(START.plus(Duration.ofSeconds(1)));

    assertThat(cache.keysOf("env_a").result()).isPresent();
  }

  @Test
  void doesNotKeepAFailure() {
    Buffer digest = Buffer.buffer(new byte[32]);
    String text = HexFormat.of().formatHex(new byte[32]);
    keys.breakDown();
    assertThat(cache.owner(text, digest).failed()).isTrue();

    keys.repair();

    assertThat(cache.owner(text, digest).result()).isEmpty();
  }

  @Test
  void staysBounded() {
    for (int i = 0; i < 5000; i++) {
      cache.keysOf("env_" + i);
    }
    int before = keys.lookups();

    cache.keysOf("env_4999");
    cache.keysOf("env_0");

    assertThat(keys.lookups() - before).isEqualTo(1);
  }

  @Test
  void doesNotAskTheStoreForWhatCannotBeAnEnvironment() {
    assertThat(cache.keysOf("no such id'").result()).isEmpty();
    assertThat(keys.lookups()).isZero();
  }

  @Test
  void putsRotatedKeysBehindTheCurrentOne() {
    keys.with("env_a", "new").withPrevious("env_a", "old", START.plusSeconds(60));

    var ring = cache.keysOf("env_a").result().orElseThrow().ring();

    assertThat(ring.current()).isEqualTo(SigningKey.of("new"));
    assertThat(ring.acceptedAt(START)).containsExactly(SigningKey.of("new"), SigningKey.of("old"));
    assertThat(ring.acceptedAt(START.plusSeconds(60))).containsExactly(SigningKey.of("new"));
  }
}
