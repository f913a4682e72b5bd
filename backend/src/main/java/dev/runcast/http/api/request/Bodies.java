package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Request bodies as JSON of a bounded nesting. */
public final class Bodies {
  private final JsonText json;

  public Bodies(JsonText json) {
    this.json = json;
  }

  /**
   * The members of a body that must be there.
   *
   * @param body as it came; null and empty are no JSON
   */
  public JsonFields required(@Nullable Buffer body) {
    if (body == null || body.length() == 0) {
      throw ApiException.badRequest("body", "The request needs a body: a JSON object.");
    }
    return JsonFields.of(read(body.getBytes(), "The request body"));
  }

  /** The members of a body that may be missing; then it has none. */
  public JsonFields optional(@Nullable Buffer body) {
    return body == null || body.length() == 0 ? JsonFields.empty() : required(body);
  }

  /** A body that may be any JSON value; null when it is missing. */
  public @Nullable JsonNode any(@Nullable Buffer body) {
    return body == null || body.length() == 0 ? null : read(body.getBytes(), "The request body");
  }

  /** One line of a body of many. */
  public JsonFields line(Buffer line, int number) {
    return JsonFields.of(read(line.getBytes(), "Line " + number + " of the request body"));
  }

  private JsonNode read(byte[] text, String what) {
    try {
      return json.read(text);
    } catch (UnreadableJsonException e) {
      throw new ApiException(
          e.isLimit() ? ApiError.UNPROCESSABLE : ApiError.BAD_REQUEST,
          "%s is not JSON that this server takes: %s.".formatted(what, e.reason()),
          "body");
    }
  }
}
