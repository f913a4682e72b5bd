package dev.runcast.http.realtime.socket;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import dev.runcast.json.UnreadableJsonException;
import org.jspecify.annotations.Nullable;

/** A message's text → {@link ClientCommand}; what is none is a 400 that says why. Stateless. */
final class CommandParser {
  /** Names are echoed with each event, and kept. */
  private static final int MAX_NAME = 128;

  private static final int DEPTH = 4;
  private static final JsonText JSON = new JsonText(DEPTH);

  private CommandParser() {}

  static ClientCommand parse(String text) {
    JsonNode command = read(text);
    String type = required(command, "type");
    return switch (type) {
      case "subscribe" ->
          new ClientCommand.Subscribe(
              name(required(command, "subscription")),
              required(command, "feed"),
              optional(command, "after"),
              optional(command, "token"));
      case "unsubscribe" -> new ClientCommand.Unsubscribe(name(required(command, "subscription")));
      case "renew" -> {
        String name = optional(command, "subscription");
        yield new ClientCommand.Renew(name == null ? null : name(name), required(command, "token"));
      }
      default ->
          throw ApiException.badRequest("type", "type must be subscribe, unsubscribe or renew.");
    };
  }

  /**
   * The subscription that a message means to be about, for the answer to one that can't be
   * understood; null if it does not say.
   */
  static @Nullable String nameIn(String text) {
    try {
      JsonNode name = JSON.read(text).path("subscription");
      return name.isTextual() && isName(name.textValue()) ? name.textValue() : null;
    } catch (UnreadableJsonException unreadable) {
      return null;
    }
  }

  private static JsonNode read(String text) {
    try {
      JsonNode command = JSON.read(text);
      if (command.isObject()) {
        return command;
      }
    } catch (UnreadableJsonException unreadable) {
      throw ApiException.badRequest(
          "message", "The message is not a command in JSON: " + unreadable.getMessage() + ".");
    }
    throw ApiException.badRequest("message", "The message must be a JSON object with a type.");
  }

  private static String name(String name) {
    if (!isName(name)) {
      throw ApiException.badRequest(
          "subscription",
          "subscription must be a name of 1 to %d characters that can be stored as text."
              .formatted(MAX_NAME));
    }
    return name;
  }

  private static boolean isName(String name) {
    return !name.isEmpty() && name.length() <= MAX_NAME && JsonText.isStorable(name);
  }

  private static String required(JsonNode command, String field) {
    String value = optional(command, field);
    if (value == null) {
      throw ApiException.badRequest(field, field + " is missing; it must be a string.");
    }
    return value;
  }

  private static @Nullable String optional(JsonNode command, String field) {
    JsonNode value = command.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw ApiException.badRequest(field, field + " must be a string.");
    }
    return value.textValue();
  }
}
