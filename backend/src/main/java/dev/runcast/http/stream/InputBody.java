package dev.runcast.http.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The body of what is sent in to a run: an object whose {@code data} is the chunk. */
final class InputBody {
  private InputBody() {}

  /** The chunk; null where there is no data, which is how JSON tells that there is none. */
  static String chunk(JsonText json, @Nullable Buffer body) {
    JsonNode read = read(json, body == null ? Buffer.buffer() : body);
    if (!read.isObject()) {
      throw ApiException.badRequest(
          "body", "The body must be a JSON object with the data to send.");
    }
    JsonNode data = read.get("data");
    return data == null ? "null" : JsonText.print(data);
  }

  private static JsonNode read(JsonText json, Buffer body) {
    try {
      return json.read(body.getBytes());
    } catch (UnreadableJsonException e) {
      throw new ApiException(
          e.isLimit() ? ApiError.UNPROCESSABLE : ApiError.BAD_REQUEST,
          "The body is not JSON that this server takes: %s.".formatted(e.reason()),
          "body");
    }
  }
}
