package dev.runcast.http.auth;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.subscribe.revocation.RevocationWatch;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Whether who is known by a genuine credential may still use it. A token that was revoked is
 * refused from the moment on that this node knows: at once where the revocation was asked for, on
 * others once the log has told it; while the log can't be trusted to, the table is asked. Confined
 * to the event loop of its hub.
 */
public final class Standing {
  private final RevocationWatch revocations;
  private final InstantSource clock;

  public Standing(RevocationWatch revocations, InstantSource clock) {
    this.revocations = revocations;
    this.clock = clock;
  }

  /**
   * Who may go on, with the end of its word as far as it is known; fails with a 401 for who may
   * not. That a key is in force was just read, within the seconds that a cache may be old.
   */
  public Future<Principal> inForce(Principal principal) {
    Future<Optional<Instant>> end =
        principal.holdsSecretKey()
            ? Future.succeededFuture(revocations.knownEndOf(principal.bearer()))
            : revocations.endOf(principal.bearer());
    return end.compose(found -> judged(principal, found));
  }

  /**
   * Refuses who is known to be revoked, without asking anybody.
   *
   * @throws ApiException 401
   */
  public void requireNotRevoked(Principal principal) {
    if (revocations.isRevoked(principal.bearer())) {
      throw revoked();
    }
  }

  private Future<Principal> judged(Principal principal, Optional<Instant> end) {
    if (end.isEmpty()) {
      return Future.succeededFuture(principal);
    }
    return end.get().isAfter(clock.instant())
        ? Future.succeededFuture(principal.endingBy(end.get()))
        : Future.failedFuture(revoked());
  }

  /** The refusal of who is revoked. */
  public static ApiException revoked() {
    return new ApiException(
        ApiError.UNAUTHORIZED,
        "The access token has been revoked, or the secret key that it rests on was rotated away;"
            + " get another one.");
  }
}
