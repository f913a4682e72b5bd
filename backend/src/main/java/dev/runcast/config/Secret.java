package dev.runcast.config;

import static java.util.Objects.requireNonNull;

/**
 * A value that must not be shown: a key, a token, a password. {@link #toString()} is a mask, so
 * that a secret in a record, a log line or an exception stays one; {@link #reveal()} is the only
 * way to the text.
 */
public final class Secret {
  private final String text;

  public Secret(String text) {
    this.text = requireNonNull(text);
  }

  /** The secret itself. Never log or print what this returns. */
  public String reveal() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "****";
  }
}
