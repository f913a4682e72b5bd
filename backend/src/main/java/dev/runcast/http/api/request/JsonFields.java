package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.ApiException;
import dev.runcast.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, by the kind that each must be of. Errors name a member by its full
 * path, such as {@code options.queue.name}.
 */
public final class JsonFields {
  private final ObjectNode object;
  private final String path;

  private JsonFields(ObjectNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /**
   * The members of a whole body.
   *
   * @throws ApiException 400 when it is no object
   */
  public static JsonFields of(JsonNode body) {
    if (body instanceof ObjectNode object) {
      return new JsonFields(object, "");
    }
    throw ApiException.badRequest("body", "The request body must be a JSON object.");
  }

  /** No members at all. */
  public static JsonFields empty() {
    return new JsonFields(JsonNodeFactory.instance.objectNode(), "");
  }

  /** The full name of a member. */
  public String name(String field) {
    return path + field;
  }

  /** The object itself. */
  public ObjectNode object() {
    return object;
  }

  /** A member of any kind; null when it is absent or null. */
  public @Nullable JsonNode value(String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  /** An object; an absent one has no members. */
  public JsonFields fields(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return new JsonFields(JsonNodeFactory.instance.objectNode(), name(field) + ".");
    }
    if (value instanceof ObjectNode member) {
      return new JsonFields(member, name(field) + ".");
    }
    throw wrong(field, "a JSON object");
  }

  /** The elements of an array; none when it is absent. */
  public List<JsonNode> elements(String field) {
    JsonNode value = value(field);
    if (value == null) {
      return List.of();
    }
    if (value instanceof ArrayNode array) {
      List<JsonNode> elements = new ArrayList<>(array.size());
      array.forEach(elements::add);
      return elements;
    }
    throw wrong(field, "an array");
  }

  /** The objects of an array; none when it is absent. */
  public List<JsonFields> objects(String field) {
    List<JsonNode> elements = elements(field);
    List<JsonFields> objects = new ArrayList<>(elements.size());
    for (JsonNode element : elements) {
      String name = name(field) + "[" + objects.size() + "]";
      if (!(element instanceof ObjectNode object)) {
        throw ApiException.badRequest(name, name + " must be a JSON object.");
      }
      objects.add(new JsonFields(object, name + "."));
    }
    return objects;
  }

  /** A text of 1 to so many characters that a column can hold; null when it is absent. */
  public @Nullable String text(String field, int maxLength) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrong(field, "a string");
    }
    return checked(field, value.textValue(), maxLength);
  }

  /** As {@link #text}; a number is taken for its digits. */
  public @Nullable String textOrNumber(String field, int maxLength) {
    JsonNode value = value(field);
    return value != null && value.isNumber()
        ? checked(field, value.asText(), maxLength)
        : text(field, maxLength);
  }

  /** A string, or an array of strings; each of 1 to so many characters. */
  public List<String> texts(String field, int maxLength) {
    JsonNode value = value(field);
    List<JsonNode> elements = value != null && value.isTextual() ? List.of(value) : elements(field);
    List<String> texts = new ArrayList<>(elements.size());
    for (JsonNode element : elements) {
      if (!element.isTextual()) {
        throw wrong(field, "a string or an array of strings");
      }
      texts.add(checked(field, element.textValue(), maxLength));
    }
    return texts;
  }

  private String checked(String field, String text, int maxLength) {
    if (text.isEmpty() || text.length() > maxLength) {
      throw ApiException.unprocessable(
          name(field),
          text.isEmpty()
              ? name(field) + " must not be empty; leave it out instead."
              : "%s has %d characters, over the limit of %d; shorten it."
                  .formatted(name(field), text.length(), maxLength));
    }
    if (!JsonText.isStorable(text)) {
      throw unstorable(name(field));
    }
    return text;
  }

  static ApiException unstorable(String name) {
    return ApiException.unprocessable(
        name,
        name
            + " holds a NUL character or half of a surrogate pair, which can't be stored as text;"
            + " remove it.");
  }

  /** A whole number within bounds; a fraction is rounded up. Null when it is absent. */
  public @Nullable Integer number(String field, int least, int most) {
    JsonNode value = value(field);
    if (value == null) {
      return null;
    }
    double number = value.isNumber() ? Math.ceil(value.doubleValue()) : Double.NaN;
    if (Double.isNaN(number)) {
      throw wrong(field, "a number");
    }
    if (number < least || number > most) {
      throw ApiException.unprocessable(
          name(field), "%s must be %d to %d.".formatted(name(field), least, most));
    }
    return (int) number;
  }

  /** True or false; false when it is absent. */
  public boolean flag(String field) {
    JsonNode value = value(field);
    if (value != null && !value.isBoolean()) {
      throw wrong(field, "true or false");
    }
    return value != null && value.booleanValue();
  }

  /** Whether it is there, even as null: for what null clears. */
  public boolean has(String field) {
    return object.has(field);
  }

  /** The members without some of them, as JSON; empty when none is left. */
  public Optional<String> without(List<String> fields) {
    ObjectNode rest = object.deepCopy();
    rest.remove(fields);
    return rest.isEmpty() ? Optional.empty() : Optional.of(JsonText.print(rest));
  }

  private ApiException wrong(String field, String kind) {
    return ApiException.badRequest(name(field), name(field) + " must be " + kind + ".");
  }
}
