package dev.runcast.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import java.util.Set;

/**
 * The error of a run in the forms that the official clients take, and no other: one that they can't
 * read ends their subscription, and plain SQL may have stored anything.
 */
public final class TaskError {
  /** The codes of an internal error that clients know. */
  public static final Set<String> INTERNAL_CODES =
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

  private static final JsonText JSON = new JsonText(JsonText.MAX_DEPTH);
  private static final String TYPE = "type";
  private static final String MESSAGE = "message";
  private static final String NAME = "name";
  private static final String STACK = "stackTrace";

  private TaskError() {}

  /**
   * What is stored, as clients take it.
   *
   * @param legacy whether the codes of internal errors are more than the client knows
   */
  public static JsonNode of(String stored, boolean legacy) {
    JsonNode error;
    try {
      error = JSON.read(stored);
    } catch (UnreadableJsonException text) {
      return raw("STRING_ERROR", stored);
    }
    if (error.isTextual()) {
      return raw("STRING_ERROR", error.textValue());
    }
    String type = error.path(TYPE).asText();
    if (type.equals("STRING_ERROR") || type.equals("CUSTOM_ERROR")) {
      return raw(type, text(error, "raw", stored));
    }
    boolean known = INTERNAL_CODES.contains(error.path("code").asText());
    return type.equals("INTERNAL_ERROR") && known && !legacy
        ? internal(error)
        : builtIn(error, stored);
  }

  private static ObjectNode raw(String type, String raw) {
    return JsonNodeFactory.instance.objectNode().put(TYPE, type).put("raw", raw);
  }

  private static ObjectNode internal(JsonNode stored) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put(TYPE, "INTERNAL_ERROR").put("code", stored.path("code").textValue());
    copyText(stored, error, MESSAGE);
    copyText(stored, error, STACK);
    return error;
  }

  private static ObjectNode builtIn(JsonNode stored, String text) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put(TYPE, "BUILT_IN_ERROR");
    error.put(NAME, text(stored, NAME, text(stored, "code", "Error")));
    error.put(MESSAGE, text(stored, MESSAGE, text(stored, "code", text)));
    error.put(STACK, text(stored, STACK, ""));
    ArrayNode causes = JsonNodeFactory.instance.arrayNode();
    for (JsonNode cause : stored.path("causes")) {
      if (cause.path(MESSAGE).isTextual()) {
        ObjectNode kept = causes.addObject();
        copyText(cause, kept, NAME);
        copyText(cause, kept, MESSAGE);
        copyText(cause, kept, STACK);
      }
    }
    if (!causes.isEmpty()) {
      error.set("causes", causes);
    }
    return error;
  }

  private static void copyText(JsonNode from, ObjectNode to, String field) {
    if (from.path(field).isTextual()) {
      to.put(field, from.path(field).textValue());
    }
  }

  private static String text(JsonNode object, String field, String otherwise) {
    return object.path(field).isTextual() ? object.path(field).textValue() : otherwise;
  }
}
