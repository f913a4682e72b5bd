package dev.runcast.wire;

/** Why the service hangs up, and whether it is worth coming back with the same cursor. */
public enum CloseCode {
  /** The service is going down; another node, or this one soon, goes on from the cursor. */
  SHUTDOWN("shutdown", true),
  /** The connection has reached its greatest age; reconnecting costs nothing. */
  MAX_AGE("max-age", true),
  /** The client has not read for too long. */
  SLOW_CONSUMER("slow-consumer", true),
  /** The token's time is over; come back with a new one. */
  TOKEN_EXPIRED("token-expired", true),
  /** The token, or the key, was taken back; only another one opens anything. */
  REVOKED("revoked", false),
  /** The run that was followed is done, and the client asked to stop then. */
  RUN_FINISHED("run-finished", false),
  /** The client asked for no more of it. */
  UNSUBSCRIBED("unsubscribed", false),
  /** The client of a socket has answered no ping. */
  SILENT("silent", true),
  /** What the token grants does not cover this any more. */
  FORBIDDEN("forbidden", false),
  /** A limit on subscriptions was reached. */
  LIMIT("limit", true),
  /** A fault of ours. */
  INTERNAL("internal", true);

  private final String reason;
  private final boolean retryable;

  CloseCode(String reason, boolean retryable) {
    this.reason = reason;
    this.retryable = retryable;
  }

  /** The reason as an {@code end} event tells it. */
  public String reason() {
    return reason;
  }

  public boolean retryable() {
    return retryable;
  }
}
