package dev.runcast.config;

/**
 * The service can't start, for a reason that its operator can remove. The message is one sentence
 * for that person: what is wrong and what to do. It is printed as it stands, without a stack trace,
 * and the process ends with exit code 2.
 */
public final class CannotStartException extends RuntimeException {
  /**
   * @param message what is wrong and the cure; no secrets
   */
  public CannotStartException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong and the cure; no secrets
   * @param cause kept for debugging, not printed
   */
  public CannotStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
