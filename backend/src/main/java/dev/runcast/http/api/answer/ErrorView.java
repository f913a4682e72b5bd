package dev.runcast.http.api.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import java.io.IOException;

/**
 * The error of a run as REST shows it: {@code {message, name?, stackTrace?, causes?}}, whatever
 * form it is stored in.
 */
final class ErrorView {
  private static final JsonText JSON = new JsonText(JsonText.MAX_DEPTH);
  private static final String MESSAGE = "message";

  private ErrorView() {}

  static void write(JsonGenerator json, String stored) throws IOException {
    try {
      writeError(json, JSON.read(stored));
    } catch (UnreadableJsonException notJson) {
      json.writeStartObject();
      json.writeStringField(MESSAGE, stored);
      json.writeEndObject();
    }
  }

  private static void writeError(JsonGenerator json, JsonNode error) throws IOException {
    json.writeStartObject();
    json.writeStringField(MESSAGE, message(error));
    textIfThere(json, error, "name");
    textIfThere(json, error, "stackTrace");
    if (error.path("causes").isArray()) {
      json.writeArrayFieldStart("causes");
      for (JsonNode cause : error.path("causes")) {
        writeError(json, cause);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static String message(JsonNode error) {
    for (String field : new String[] {MESSAGE, "raw", "code"}) {
      if (error.path(field).isTextual()) {
        return error.path(field).textValue();
      }
    }
    return error.isTextual() ? error.textValue() : JsonText.print(error);
  }

  private static void textIfThere(JsonGenerator json, JsonNode error, String field)
      throws IOException {
    if (error.path(field).isTextual() && !error.path(field).textValue().isEmpty()) {
      json.writeStringField(field, error.path(field).textValue());
    }
  }
}
