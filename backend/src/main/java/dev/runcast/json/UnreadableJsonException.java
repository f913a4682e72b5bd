package dev.runcast.json;

/** A text is not the JSON that was asked for. The message is a clause that says why, and where. */
public final class UnreadableJsonException extends Exception {
  /**
   * @param message completes "it is not valid JSON: …"; quotes nothing of the text
   */
  UnreadableJsonException(String message) {
    super(message, null, false, false);
  }

  /** The reason, without any part of the text that was read. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
