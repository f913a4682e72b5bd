package dev.runcast.engine.schedule;

/** A text that is no cron expression. It has no stack trace, for it tells of the text alone. */
public final class UnreadableCronException extends Exception {
  private static final long serialVersionUID = 1;

  UnreadableCronException(String sentence) {
    super(sentence, null, false, false);
  }

  /** The sentence for whoever has written it. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
