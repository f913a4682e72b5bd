package dev.runcast.http.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.engine.RunChange;
import dev.runcast.engine.metadata.MetadataOperation;
import dev.runcast.engine.metadata.MetadataPath;
import dev.runcast.http.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes of metadata: a list of operations, or a whole object in place of the old one. */
final class OperationsParser {
  private static final int MAX_OPERATIONS = 10_000;
  private static final String VALUE = "value";

  private OperationsParser() {}

  /**
   * Reads the members {@code metadata}, {@code operations}, {@code parentOperations} and {@code
   * rootOperations}. A whole object counts only where no operations are given beside it: clients
   * send what they believe to be the result along with what leads to it.
   */
  static RunChange.Metadata parse(JsonFields body) {
    List<MetadataOperation> own = list(body, "operations");
    if (body.value("operations") == null) {
      JsonNode whole = body.value("metadata");
      if (whole != null) {
        own = List.of(new MetadataOperation.Replace(object(whole, body.name("metadata"))));
      }
    }
    return new RunChange.Metadata(
        own, list(body, "parentOperations"), list(body, "rootOperations"));
  }

  private static List<MetadataOperation> list(JsonFields body, String field) {
    List<JsonNode> elements = body.elements(field);
    if (elements.size() > MAX_OPERATIONS) {
      throw ApiException.unprocessable(
          body.name(field),
          "%s has %d entries, over the limit of %d; send them in several requests."
              .formatted(body.name(field), elements.size(), MAX_OPERATIONS));
    }
    List<MetadataOperation> operations = new ArrayList<>(elements.size());
    for (int i = 0; i < elements.size(); i++) {
      operations.add(operation(elements.get(i), "%s[%d]".formatted(body.name(field), i)));
    }
    return operations;
  }

  private static MetadataOperation operation(JsonNode element, String name) {
    String type = element.path("type").asText();
    return switch (type) {
      case "set" -> new MetadataOperation.Put(path(element, name), value(element));
      case "delete" -> new MetadataOperation.Delete(literal(element, name));
      case "append" -> new MetadataOperation.Append(path(element, name), value(element));
      case "remove" -> new MetadataOperation.Remove(path(element, name), value(element));
      case "increment" ->
          new MetadataOperation.Increment(path(element, name), number(element, name));
      case "update" ->
          new MetadataOperation.Replace(object(element.get(VALUE), name + "." + VALUE));
      default ->
          throw ApiException.badRequest(
              name,
              name + ".type must be one of set, delete, append, remove, increment and update.");
    };
  }

  private static MetadataPath path(JsonNode element, String name) {
    try {
      return MetadataPath.parse(key(element, name));
    } catch (IllegalArgumentException refused) {
      throw ApiException.unprocessable(name, name + ".key " + refused.getMessage() + ".");
    }
  }

  private static MetadataPath literal(JsonNode element, String name) {
    try {
      return MetadataPath.literal(key(element, name));
    } catch (IllegalArgumentException refused) {
      throw ApiException.unprocessable(name, name + ".key " + refused.getMessage() + ".");
    }
  }

  private static String key(JsonNode element, String name) {
    JsonNode key = element.get("key");
    if (key == null || !key.isTextual()) {
      throw ApiException.badRequest(name, name + ".key must be a string.");
    }
    return key.textValue();
  }

  /** An explicit null is a value, as is an absent one: JavaScript leaves undefined out. */
  private static JsonNode value(JsonNode element) {
    JsonNode value = element.get(VALUE);
    return value == null ? NullNode.instance : value;
  }

  private static double number(JsonNode element, String name) {
    JsonNode value = element.get(VALUE);
    if (value == null || !value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw ApiException.badRequest(name, name + ".value must be a number.");
    }
    return value.doubleValue();
  }

  private static ObjectNode object(@Nullable JsonNode value, String name) {
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest(name, name + " must be a JSON object.");
  }
}
