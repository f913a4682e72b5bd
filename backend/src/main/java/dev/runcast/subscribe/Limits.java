package dev.runcast.subscribe;

import dev.runcast.run.EnvironmentId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many subscriptions may be open at once on this node, for an environment and for a token. One
 * instance serves all event loops; it counts with atomic map operations and holds no lock of its
 * own.
 */
public final class Limits {

  /** A place taken; {@link #release} gives it back, once. */
  public final class Lease {
    private final String environment;
    private final @Nullable String token;
    private boolean released;

    private Lease(String environment, @Nullable String token) {
      this.environment = environment;
      this.token = token;
    }

    /** Idempotent; on the event loop that took the lease. */
    public void release() {
      if (!released) {
        released = true;
        giveBack(environment);
        if (token != null) {
          giveBack(token);
        }
      }
    }
  }

  private static final String ENVIRONMENT_PREFIX = "e:";

  private final int perEnvironment;
  private final int perToken;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  public Limits(int perEnvironment, int perToken) {
    this.perEnvironment = perEnvironment;
    this.perToken = perToken;
  }

  public int perEnvironment() {
    return perEnvironment;
  }

  public int perToken() {
    return perToken;
  }

  /** How many subscriptions are open on this node; from any thread. */
  public int openSubscriptions() {
    return open.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(ENVIRONMENT_PREFIX))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /**
   * Takes a place, or none when either limit is reached.
   *
   * @param token what tells one public token from another; null for a secret key, which only the
   *     environment's limit binds
   */
  public Optional<Lease> take(EnvironmentId environment, @Nullable String token) {
    String environmentKey = ENVIRONMENT_PREFIX + environment;
    String tokenKey = token == null ? null : "t:" + token;
    if (!grew(environmentKey, perEnvironment)) {
      return Optional.empty();
    }
    if (tokenKey != null && !grew(tokenKey, perToken)) {
      giveBack(environmentKey);
      return Optional.empty();
    }
    return Optional.of(new Lease(environmentKey, tokenKey));
  }

  private boolean grew(String key, int limit) {
    int now = open.merge(key, 1, Integer::sum);
    if (now > limit) {
      giveBack(key);
      return false;
    }
    return true;
  }

  private void giveBack(String key) {
    open.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
  }
}
