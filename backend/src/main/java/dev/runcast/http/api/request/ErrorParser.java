package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.wire.TaskError;
import java.util.List;

/**
 * Why a run failed, brought into one of the forms that every client reads: an error of another form
 * in the row would end its subscribers' feeds. A string becomes a {@code STRING_ERROR}; an object
 * without a type, as {@code {message, name?, stackTrace?}}, a {@code BUILT_IN_ERROR}.
 */
final class ErrorParser {
  private static final String MESSAGE = "message";
  private static final String STACK = "stackTrace";

  private ErrorParser() {}

  static String parse(JsonNode error) {
    if (error.isTextual()) {
      return JsonText.print(raw("STRING_ERROR", error.textValue()));
    }
    if (!(error instanceof ObjectNode object)) {
      throw bad("error must be a string or an object with a message.");
    }
    JsonNode type = object.get("type");
    return JsonText.print(
        switch (type == null ? "" : type.asText()) {
          case "" -> builtIn(object);
          case "BUILT_IN_ERROR" -> builtIn(object);
          case "STRING_ERROR" -> raw("STRING_ERROR", text(object, "raw"));
          case "CUSTOM_ERROR" -> raw("CUSTOM_ERROR", text(object, "raw"));
          case "INTERNAL_ERROR" -> internal(object);
          default ->
              throw bad(
                  "error.type must be one of BUILT_IN_ERROR, STRING_ERROR, CUSTOM_ERROR and"
                      + " INTERNAL_ERROR; or leave it out and give a message.");
        });
  }

  private static ObjectNode raw(String type, String raw) {
    return JsonNodeFactory.instance.objectNode().put("type", type).put("raw", raw);
  }

  private static ObjectNode builtIn(ObjectNode given) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("type", "BUILT_IN_ERROR");
    error.put("name", textOr(given, "name", "Error"));
    error.put(MESSAGE, text(given, MESSAGE));
    error.put(STACK, textOr(given, STACK, ""));
    if (given.hasNonNull("causes")) {
      error.set("causes", causes(given.get("causes")));
    }
    return error;
  }

  private static ArrayNode causes(JsonNode given) {
    if (!(given instanceof ArrayNode)) {
      throw bad("error.causes must be an array of objects with a message.");
    }
    ArrayNode causes = JsonNodeFactory.instance.arrayNode();
    for (JsonNode cause : given) {
      if (!(cause instanceof ObjectNode object)) {
        throw bad("error.causes must be an array of objects with a message.");
      }
      ObjectNode kept = causes.addObject().put(MESSAGE, text(object, MESSAGE));
      for (String optional : List.of("name", STACK)) {
        if (object.hasNonNull(optional)) {
          kept.put(optional, text(object, optional));
        }
      }
    }
    return causes;
  }

  private static ObjectNode internal(ObjectNode given) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("type", "INTERNAL_ERROR");
    String code = text(given, "code");
    if (!TaskError.INTERNAL_CODES.contains(code)) {
      throw bad(
          "error.code is none that clients know; use a BUILT_IN_ERROR with a message instead.");
    }
    error.put("code", code);
    for (String optional : List.of(MESSAGE, STACK)) {
      if (given.hasNonNull(optional)) {
        error.put(optional, text(given, optional));
      }
    }
    return error;
  }

  private static String textOr(ObjectNode given, String field, String fallback) {
    return given.hasNonNull(field) ? text(given, field) : fallback;
  }

  private static String text(ObjectNode given, String field) {
    JsonNode value = given.get(field);
    if (value == null || !value.isTextual()) {
      throw bad("error." + field + " must be a string.");
    }
    return value.textValue();
  }

  private static ApiException bad(String sentence) {
    return ApiException.badRequest("error", sentence);
  }
}
