package dev.runcast.http.auth;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.store.tenant.KeyStore.Branch;
import dev.runcast.store.tenant.KeyStore.Owner;
import dev.runcast.store.tenant.KeyStore.SealedKey;
import dev.runcast.tokens.KeyRing;
import dev.runcast.tokens.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers of {@link KeyStore}, kept for a few seconds, so that neither a busy writer nor ten
 * thousand connecting subscribers ask the database for the same key each time. A key that was
 * rotated away or taken back is therefore honoured a few seconds longer. Confined to one event
 * loop; a look-up under way is shared by all who wait for it, and one that fails is forgotten.
 */
public final class KeyCache {
  private static final int CAPACITY = 4096;
  private static final Duration KEEP_FOUND = Duration.ofSeconds(5);

  /** Short: whoever is told of a key that was made a moment ago must be able to use it. */
  private static final Duration KEEP_MISSING = Duration.ofSeconds(1);

  private final Function<Buffer, Future<Optional<Owner>>> loadOwner;
  private final Function<EnvironmentId, Future<List<SealedKey>>> loadKeys;
  private final BiFunction<EnvironmentId, String, Future<Optional<Branch>>> loadBranch;
  private final Function<SealedKey, SigningKey> open;
  private final InstantSource clock;

  private final Recent<Branch> branches = new Recent<>();
  private final Recent<Owner> owners = new Recent<>();
  private final Recent<Keys> rings = new Recent<>();

  /**
   * A key as far as it is not secret.
   *
   * @param digest its SHA-256, in lower-case hexadecimal
   * @param validUntil when it ends, if it was rotated away; null for a current one
   */
  record Stored(String digest, @Nullable Instant validUntil) {}

  /** The keys of an environment, and what is stored of each. */
  record Keys(KeyRing.Keys ring, Map<SigningKey, Stored> known) {
    Stored stored(SigningKey key) {
      Stored stored = known.get(key);
      if (stored == null) {
        throw new IllegalArgumentException("a key that is not of this ring");
      }
      return stored;
    }
  }

  /**
   * @param open unseals a stored key; it runs on the event loop and must not block
   */
  public KeyCache(KeyStore store, Function<SealedKey, SigningKey> open, InstantSource clock) {
    this(store::owner, store::ofEnvironment, store::branch, open, clock);
  }

  KeyCache(
      Function<Buffer, Future<Optional<Owner>>> loadOwner,
      Function<EnvironmentId, Future<List<SealedKey>>> loadKeys,
      BiFunction<EnvironmentId, String, Future<Optional<Branch>>> loadBranch,
      Function<SealedKey, SigningKey> open,
      InstantSource clock) {
    this.loadOwner = loadOwner;
    this.loadKeys = loadKeys;
    this.loadBranch = loadBranch;
    this.open = open;
    this.clock = clock;
  }

  /** The environment whose secret key has this SHA-256, in lower-case hexadecimal. */
  Future<Optional<Owner>> owner(String digest, Buffer bytes) {
    return owners.get(digest, () -> loadOwner.apply(bytes));
  }

  /** The branch of this name that an environment has, or had. */
  Future<Optional<Branch>> branch(EnvironmentId of, String name) {
    return branches.get(of.value() + " " + name, () -> loadBranch.apply(of, name));
  }

  /** The keys of an environment that somebody claims to be of; empty if there is no such. */
  Future<Optional<Keys>> keysOf(String environment) {
    if (!EnvironmentId.accepts(environment)) {
      return Future.succeededFuture(Optional.empty());
    }
    return rings.get(
        environment, () -> loadKeys.apply(new EnvironmentId(environment)).map(this::toKeys));
  }

  private Optional<Keys> toKeys(List<SealedKey> sealed) {
    if (sealed.isEmpty() || sealed.get(0).validUntil() != null) {
      return Optional.empty();
    }
    List<KeyRing.Previous> previous = new ArrayList<>();
    Map<SigningKey, Stored> known = new HashMap<>();
    SigningKey current = open(sealed.get(0), known);
    for (SealedKey key : sealed.subList(1, sealed.size())) {
      Instant end = key.validUntil() == null ? Instant.MAX : key.validUntil();
      previous.add(new KeyRing.Previous(open(key, known), end));
    }
    return Optional.of(new Keys(new KeyRing.Keys(current, previous), known));
  }

  private SigningKey open(SealedKey sealed, Map<SigningKey, Stored> known) {
    SigningKey key = open.apply(sealed);
    String digest = HexFormat.of().formatHex(sealed.digest().getBytes());
    known.put(key, new Stored(digest, sealed.validUntil()));
    return key;
  }

  private record Answer<T>(Future<Optional<T>> future, Instant asked) {
    boolean isFresh(Instant now) {
      if (!future.isComplete()) {
        return true;
      }
      boolean found = future.succeeded() && future.result().filter(Answer::isLasting).isPresent();
      return now.isBefore(asked.plus(found ? KEEP_FOUND : KEEP_MISSING));
    }

    /** Somebody may make a branch anew whose name was given free. */
    private static boolean isLasting(Object value) {
      return !(value instanceof Branch branch && branch.archived());
    }
  }

  private final class Recent<T> {
    private final Map<String, Answer<T>> answers =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Answer<T>> eldest) {
            return size() > CAPACITY;
          }
        };

    Future<Optional<T>> get(String key, Supplier<Future<Optional<T>>> load) {
      Instant now = clock.instant();
      Answer<T> known = answers.get(key);
      if (known != null && known.isFresh(now)) {
        return known.future();
      }
      Answer<T> asked = new Answer<>(load.get(), now);
      answers.remove(key);
      answers.put(key, asked);
      asked.future().onFailure(e -> answers.remove(key, asked));
      return asked.future();
    }
  }
}
