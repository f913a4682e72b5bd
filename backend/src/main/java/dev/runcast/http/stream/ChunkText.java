package dev.runcast.http.stream;

import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;

/**
 * A chunk as it is stored: one JSON text without line breaks. What is not JSON becomes a string of
 * it, which is what clients would make of it.
 */
final class ChunkText {
  private final JsonText json;

  ChunkText(JsonText json) {
    this.json = json;
  }

  /**
   * A line that should be JSON.
   *
   * @throws ApiException 422 when it is nested too deep
   */
  String ofLine(String line) {
    try {
      // Within JSON a carriage return is only space; within an event it would end the line.
      return json.isValue(line) ? line.replace('\r', ' ') : ofText(line);
    } catch (UnreadableJsonException limit) {
      throw ApiException.unprocessable("body", "A chunk is refused: %s.".formatted(limit.reason()));
    }
  }

  /** A text that need not be JSON. */
  static String ofText(String text) {
    return JsonText.print(JsonText.text(text));
  }
}
