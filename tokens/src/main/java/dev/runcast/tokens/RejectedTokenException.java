package dev.runcast.tokens;

import com.nimbusds.jwt.proc.BadJWTException;

/**
 * Carries a {@link Rejection} out of Nimbus's callbacks; never leaves this package, and so has no
 * stack trace worth its cost.
 */
final class RejectedTokenException extends BadJWTException {
  private final Rejection rejection;

  RejectedTokenException(Rejection rejection) {
    super(rejection.message());
    this.rejection = rejection;
  }

  Rejection rejection() {
    return rejection;
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
