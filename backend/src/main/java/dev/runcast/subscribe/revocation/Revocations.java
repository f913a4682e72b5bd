package dev.runcast.subscribe.revocation;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revocation.Identity;
import dev.runcast.run.revocation.Revocation.Kind;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All revocations that this node has heard of or read, for as long as they count. One instance
 * serves all event loops; it holds no lock of its own.
 *
 * <p>It only ever learns: what a restored backup has forgotten, a node that runs on still knows.
 */
public final class Revocations {
  private final Map<Identity, Revocation> known = new ConcurrentHashMap<>();

  /** Learns of one; of two of the same identity the one that was written last counts. */
  public void add(Revocation revocation) {
    known.merge(
        revocation.identity(),
        revocation,
        (before, now) -> now.writtenAt().isBefore(before.writtenAt()) ? before : now);
  }

  /**
   * When the bearer's word ends by what is known.
   *
   * @return null if it does not; {@link Instant#MIN} for at once
   */
  public @Nullable Instant endOf(Bearer bearer) {
    EnvironmentId environment = bearer.environment();
    Instant end = end(bearer, new Identity(environment, Kind.KEY, bearer.key()), null);
    Bearer.Token token = bearer.token();
    if (token == null) {
      return end;
    }
    end = end(bearer, new Identity(environment, Kind.ENVIRONMENT, ""), end);
    if (token.jti() != null) {
      end = end(bearer, new Identity(environment, Kind.TOKEN, token.jti()), end);
    }
    for (String scope : token.scopes()) {
      end = end(bearer, new Identity(environment, Kind.SCOPE, scope), end);
    }
    return end;
  }

  private @Nullable Instant end(Bearer bearer, Identity by, @Nullable Instant before) {
    Revocation revocation = known.get(by);
    Instant end = revocation == null ? null : revocation.endOf(bearer);
    return end == null || (before != null && before.isBefore(end)) ? before : end;
  }

  /** Whether the bearer's word counts no more at this time, by what is known. */
  public boolean endedBy(Instant now, Bearer bearer) {
    Instant end = endOf(bearer);
    return end != null && !end.isAfter(now);
  }

  /** Forgets what need not be kept any more. */
  public void forgetExpired(Instant now) {
    known.values().removeIf(known -> known.expiresAt() != null && known.expiresAt().isBefore(now));
  }

  /** How many are kept. */
  public int size() {
    return known.size();
  }
}
