package dev.runcast.http.variable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.request.JsonFields;
import dev.runcast.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is asked to be done to environment variables. Pure. */
final class VariablesParser {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
  private static final int MAX_VALUE = 32_768;

  /** Whoever runs tasks sets these: as variables they would have it call somebody else. */
  private static final Set<String> RESERVED = Set.of("TRIGGER_SECRET_KEY", "TRIGGER_API_URL");

  private VariablesParser() {}

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The one variable of a body. */
  static Map<String, String> one(JsonFields body) {
    JsonNode given = body.value("name");
    String name = given == null ? "" : given.asText();
    requireName("name", name);
    if (RESERVED.contains(name)) {
      throw ApiException.unprocessable(
          "name", "The variable " + name + " is set by whoever runs the tasks; choose another.");
    }
    return Map.of(name, value(body));
  }

  /** The value of a body. */
  static String value(JsonFields body) {
    return text("value", body.value("value"));
  }

  /** All variables of a body, without those that whoever runs the tasks sets. */
  static Map<String, String> many(JsonFields body) {
    if (body.value("variables") == null) {
      throw ApiException.badRequest(
          "variables", "variables must be an object of names and values.");
    }
    Map<String, String> values = new LinkedHashMap<>();
    body.fields("variables")
        .object()
        .properties()
        .forEach(
            entry -> {
              requireName("variables", entry.getKey());
              if (!RESERVED.contains(entry.getKey())) {
                values.put(entry.getKey(), text("variables." + entry.getKey(), entry.getValue()));
              }
            });
    return values;
  }

  /** Whether they are secret; null when nothing is said of it. */
  static @Nullable Boolean secret(JsonFields body) {
    return body.value("isSecret") == null ? null : Boolean.valueOf(body.flag("isSecret"));
  }

  private static void requireName(String field, String name) {
    if (!isName(name)) {
      throw ApiException.unprocessable(
          field,
          "A variable must be named by 1 to 256 letters of A to Z, digits and underscores, the first"
              + " no digit.");
    }
  }

  private static String text(String field, @Nullable JsonNode value) {
    if (value == null || !value.isTextual()) {
      throw ApiException.badRequest(field, field + " must be a string.");
    }
    String text = value.textValue();
    if (!JsonText.isStorable(text)) {
      throw ApiException.unprocessable(
          field,
          field
              + " holds a NUL character or half of a surrogate pair, which no variable can hold;"
              + " remove it.");
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_VALUE) {
      throw ApiException.unprocessable(
          field,
          "%s has %d bytes, over the limit of %d; shorten it.".formatted(field, bytes, MAX_VALUE));
    }
    return text;
  }
}
