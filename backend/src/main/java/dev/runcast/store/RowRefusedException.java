package dev.runcast.store;

import org.jspecify.annotations.Nullable;

/** The schema does not admit a row, because of what it holds. */
public final class RowRefusedException extends RuntimeException {
  /**
   * @param reason what the schema's own check says
   * @param cure what it hints; null for nothing
   */
  RowRefusedException(String reason, @Nullable String cure, Throwable cause) {
    super(cure == null ? reason : reason + ". " + cure, cause);
  }

  /** What is wrong, for whoever sent it; it quotes nothing but the run's id. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
