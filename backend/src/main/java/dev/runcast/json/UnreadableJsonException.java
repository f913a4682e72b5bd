package dev.runcast.json;

/** A text is not the JSON that was asked for. The message is a clause that says why, and where. */
public final class UnreadableJsonException extends Exception {
  private final boolean limit;

  /**
   * @param message a clause that quotes nothing of the text
   * @param limit whether it may be JSON, but passes a limit
   */
  UnreadableJsonException(String message, boolean limit) {
    super(message, null, false, false);
    this.limit = limit;
  }

  /** The reason, without any part of the text that was read. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /** Whether it may be JSON, but is nested too deep or has a number or name that is too long. */
  public boolean isLimit() {
    return limit;
  }
}
