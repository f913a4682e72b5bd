package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import java.util.List;
import java.util.Set;

/**
 * Why a run failed, brought into one of the forms that every client reads: an error of another form
 * in the row would end its subscribers' feeds. A string becomes a {@code STRING_ERROR}; an object
 * without a type, as {@code {message, name?, stackTrace?}}, a {@code BUILT_IN_ERROR}.
 */
final class ErrorParser {
  private static final String MESSAGE = "message";
  private static final String STACK = "stackTrace";

  /** The codes of an internal error that clients know; they take no other. */
  private static final Set<String> CODES =
      Set.of(
          "COULD_NOT_FIND_EXECUTOR",
          "COULD_NOT_FIND_TASK",
          "COULD_NOT_IMPORT_TASK",
          "CONFIGURED_INCORRECTLY",
          "TASK_ALREADY_RUNNING",
          "TASK_EXECUTION_FAILED",
          "TASK_EXECUTION_ABORTED",
          "TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE",
          "TASK_PROCESS_SIGKILL_TIMEOUT",
          "TASK_PROCESS_SIGSEGV",
          "TASK_PROCESS_SIGTERM",
          "TASK_PROCESS_OOM_KILLED",
          "TASK_PROCESS_MAYBE_OOM_KILLED",
          "TASK_RUN_CANCELLED",
          "TASK_INPUT_ERROR",
          "TASK_OUTPUT_ERROR",
          "TASK_MIDDLEWARE_ERROR",
          "HANDLE_ERROR_ERROR",
          "GRACEFUL_EXIT_TIMEOUT",
          "TASK_RUN_HEARTBEAT_TIMEOUT",
          "TASK_RUN_CRASHED",
          "TASK_RUN_UNCAUGHT_EXCEPTION",
          "MAX_DURATION_EXCEEDED",
          "DISK_SPACE_EXCEEDED",
          "POD_EVICTED",
          "POD_UNKNOWN_ERROR",
          "TASK_HAS_N0_EXECUTION_SNAPSHOT",
          "TASK_DEQUEUED_INVALID_STATE",
          "TASK_DEQUEUED_QUEUE_NOT_FOUND",
          "TASK_RUN_DEQUEUED_MAX_RETRIES",
          "TASK_RUN_STALLED_EXECUTING",
          "TASK_RUN_STALLED_EXECUTING_WITH_WAITPOINTS",
          "OUTDATED_SDK_VERSION",
          "TASK_DID_CONCURRENT_WAIT",
          "RECURSIVE_WAIT_DEADLOCK",
          "BATCH_ITEM_COULD_NOT_TRIGGER",
          "PAYLOAD_TOO_LARGE",
          "UNSPECIFIED_ERROR");

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
    if (!CODES.contains(code)) {
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
