package dev.runcast.http.auth;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.tenant.KeyStore.Owner;
import dev.runcast.store.tenant.KeyStore.SealedKey;
import dev.runcast.tokens.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Secret keys in memory, "sealed" as their own text, behind the real cache. */
public final class FakeKeys {
  private record Key(EnvironmentId environment, String secret, Instant validUntil) {}

  private final List<Key> keys = new ArrayList<>();
  private int lookups;
  private boolean broken;

  public FakeKeys with(String environment, String secret) {
    keys.add(new Key(new EnvironmentId(environment), secret, null));
    return this;
  }

  public FakeKeys withPrevious(String environment, String secret, Instant validUntil) {
    keys.add(new Key(new EnvironmentId(environment), secret, validUntil));
    return this;
  }

  void breakDown() {
    broken = true;
  }

  void repair() {
    broken = false;
  }

  int lookups() {
    return lookups;
  }

  public KeyCache cache(InstantSource clock) {
    return new KeyCache(
        this::owner,
        this::ofEnvironment,
        (of, name) -> Future.succeededFuture(Optional.empty()),
        FakeKeys::open,
        clock);
  }

  private Future<Optional<Owner>> owner(Buffer digest) {
    lookups++;
    return broken
        ? Future.failedFuture(new IllegalStateException("no database"))
        : Future.succeededFuture(
            keys.stream()
                .filter(key -> sha256(key.secret).equals(digest))
                .map(key -> new Owner(key.environment, key.validUntil))
                .findFirst());
  }

  private Future<List<SealedKey>> ofEnvironment(EnvironmentId environment) {
    lookups++;
    return Future.succeededFuture(
        keys.stream()
            .filter(key -> key.environment.equals(environment))
            .map(
                key ->
                    new SealedKey(
                        sha256(key.secret), Buffer.buffer(key.secret), "test", key.validUntil))
            .toList());
  }

  private static SigningKey open(SealedKey key) {
    return SigningKey.of(key.sealed().toString());
  }

  private static Buffer sha256(String text) {
    try {
      return Buffer.buffer(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
