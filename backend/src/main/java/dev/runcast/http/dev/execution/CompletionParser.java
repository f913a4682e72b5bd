package dev.runcast.http.dev.execution;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.engine.Limits;
import dev.runcast.engine.RunChange;
import dev.runcast.engine.execution.Completion;
import dev.runcast.engine.execution.Completion.Failure;
import dev.runcast.engine.execution.Completion.Retry;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.ChangeParser;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import dev.runcast.wire.Packet;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a worker tells the end of an attempt. What can't be taken of it is replaced by an error that
 * says so, rather than refused: the run must end.
 */
final class CompletionParser {
  private static final Logger log = LoggerFactory.getLogger(CompletionParser.class);
  private static final int MAX_TYPE = 128;
  private static final Duration MOST_DELAY = Duration.ofDays(366);

  private final Bodies bodies;
  private final Limits limits;
  private final JsonText json;
  private final ChangeParser changes;
  private final InstantSource clock;

  CompletionParser(Bodies bodies, Limits limits, InstantSource clock) {
    this.bodies = bodies;
    this.limits = limits;
    this.json = new JsonText(limits.depth());
    this.changes = new ChangeParser(limits, clock);
    this.clock = clock;
  }

  Completion parse(@Nullable Buffer body) {
    JsonFields completion = bodies.required(body).fields("completion");
    if (completion.value("ok") == null) {
      throw ApiException.badRequest(
          "completion.ok", "completion.ok is missing; it must be true or false.");
    }
    RunChange.Metadata metadata = metadata(completion);
    if (!completion.flag("ok")) {
      return new Completion(Optional.empty(), failure(completion), metadata);
    }
    RunChange.Output output = output(completion);
    String problem = problem(output);
    return problem == null
        ? new Completion(Optional.of(output), null, metadata)
        : new Completion(Optional.empty(), unacceptable(problem), metadata);
  }

  private static RunChange.Output output(JsonFields completion) {
    JsonNode given = completion.value("output");
    if (given == null) {
      return new RunChange.Output(null, null);
    }
    JsonNode type = completion.value("outputType");
    String text = given.isTextual() ? given.textValue() : JsonText.print(given);
    return new RunChange.Output(text, type == null ? Packet.JSON_TYPE : type.asText());
  }

  private @Nullable String problem(RunChange.Output output) {
    String text = output.text();
    if (text == null) {
      return null;
    }
    String type = output.type();
    if (type != null
        && (type.isBlank() || type.length() > MAX_TYPE || !JsonText.isStorable(type))) {
      return "The output's type must have 1 to %d characters.".formatted(MAX_TYPE);
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.payloadBytes()) {
      return "The output has %d bytes, over the limit of %d."
          .formatted(bytes, limits.payloadBytes());
    }
    if (!JsonText.isStorable(text)) {
      return "The output holds a NUL character or half of a surrogate pair.";
    }
    boolean isJson =
        Packet.JSON_TYPE.equals(output.type()) || Packet.SUPER_JSON_TYPE.equals(output.type());
    return isJson && read(text) == null ? "The output is not the JSON that its type says." : null;
  }

  private @Nullable JsonNode read(String text) {
    try {
      return json.read(text);
    } catch (UnreadableJsonException notJson) {
      return null;
    }
  }

  private static Failure unacceptable(String problem) {
    return new Failure(internal("TASK_OUTPUT_ERROR", problem), "TASK_OUTPUT_ERROR", null, true);
  }

  private static String internal(String code, String message) {
    return new JsonObject()
        .put("type", "INTERNAL_ERROR")
        .put("code", code)
        .put("message", message)
        .encode();
  }

  private Failure failure(JsonFields completion) {
    JsonNode given = completion.value("error");
    JsonNode code = given == null ? null : given.get("code");
    JsonNode skipped = completion.value("skippedRetrying");
    boolean internal = given != null && "INTERNAL_ERROR".equals(given.path("type").asText());
    return new Failure(
        error(given),
        internal && code != null && code.isTextual() ? code.textValue() : null,
        retry(completion),
        skipped != null && skipped.asBoolean());
  }

  private String error(@Nullable JsonNode given) {
    if (given == null) {
      return internal("TASK_EXECUTION_FAILED", "The worker did not say why.");
    }
    try {
      return changes.errorText(given);
    } catch (ApiException other) {
      log.info("error of an unknown form cause={}", String.valueOf(other.getMessage()));
      return internal("TASK_EXECUTION_FAILED", "The worker told an error of an unknown form.");
    }
  }

  private @Nullable Retry retry(JsonFields completion) {
    if (completion.value("retry") == null) {
      return null;
    }
    JsonFields retry = completion.fields("retry");
    JsonNode delay = retry.value("delay");
    JsonNode timestamp = retry.value("timestamp");
    long most = MOST_DELAY.toMillis();
    long delayMs = delay == null ? 0 : Math.max(0, Math.min(most, delay.asLong()));
    Instant at =
        timestamp != null && timestamp.isNumber()
            ? Instant.ofEpochMilli(Math.min(timestamp.asLong(), clock.millis() + most))
            : clock.instant().plusMillis(delayMs);
    return new Retry(at, delayMs);
  }

  /** The text of operations that the task has not told before. */
  private RunChange.Metadata metadata(JsonFields completion) {
    JsonNode flushed = completion.value("flushedMetadata");
    JsonNode data = flushed == null ? null : flushed.get("data");
    if (data == null || !data.isTextual()) {
      return RunChange.Metadata.NONE;
    }
    try {
      JsonNode text = json.read(data.textValue());
      JsonNode operations = text.has("json") ? text.get("json") : text;
      return changes.flushed(JsonFields.of(operations));
    } catch (UnreadableJsonException | ApiException unreadable) {
      log.warn("metadata of an attempt's end can't be read and is dropped");
      return RunChange.Metadata.NONE;
    }
  }
}
