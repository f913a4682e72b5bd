package dev.runcast.engine.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in metadata: the member of a name, or, when written with {@code $.} in front, the names
 * and array indexes that lead to it, divided by dots ({@code $.steps.0.state}; a dot within a name
 * is written {@code \.}).
 */
public final class MetadataPath {
  /** More steps than any program takes; it bounds how deep operations can nest. */
  static final int MAX_STEPS = 64;

  private static final Set<String> REFUSED = Set.of("__proto__", "constructor", "prototype");

  private final List<String> steps;

  private MetadataPath(List<String> steps) {
    this.steps = List.copyOf(steps);
  }

  /**
   * Reads a key as operations give it.
   *
   * @throws IllegalArgumentException with a clause that says why it is none
   */
  public static MetadataPath parse(String key) {
    List<String> steps = key.startsWith("$.") ? split(key.substring(2)) : List.of(key);
    if (steps.size() > MAX_STEPS) {
      throw new IllegalArgumentException("has more than " + MAX_STEPS + " steps");
    }
    for (String step : steps) {
      if (step.isEmpty()) {
        throw new IllegalArgumentException("has an empty step");
      }
      if (REFUSED.contains(step)) {
        throw new IllegalArgumentException(
            "names " + step + ", which JavaScript clients can't hold");
      }
    }
    return new MetadataPath(steps);
  }

  /**
   * The member of exactly this name, even if it begins with {@code $.}.
   *
   * @throws IllegalArgumentException with a clause that says why it is none
   */
  public static MetadataPath literal(String key) {
    if (key.isEmpty() || REFUSED.contains(key)) {
      throw new IllegalArgumentException("is empty or a name that JavaScript clients can't hold");
    }
    return new MetadataPath(List.of(key));
  }

  private static List<String> split(String path) {
    List<String> steps = new ArrayList<>();
    StringBuilder step = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\\' && i + 1 < path.length() && path.charAt(i + 1) == '.') {
        step.append('.');
        i++;
      } else if (c == '.') {
        steps.add(step.toString());
        step.setLength(0);
      } else {
        step.append(c);
      }
    }
    steps.add(step.toString());
    return steps;
  }

  /** The value there; null when there is none. */
  @Nullable JsonNode in(ObjectNode root) {
    JsonNode at = root;
    for (String step : steps) {
      at = at == null ? null : child(at, step);
    }
    return at;
  }

  /**
   * Puts a value there. Members missing on the way become objects. A way through a scalar, or past
   * the end of an array, leads nowhere: nothing is changed, as in the clients.
   */
  void put(ObjectNode root, JsonNode value) {
    JsonNode at = root;
    for (String step : steps.subList(0, steps.size() - 1)) {
      JsonNode next = child(at, step);
      if (next == null) {
        next = root.objectNode();
        if (!place(at, step, next)) {
          return;
        }
      }
      at = next;
    }
    place(at, steps.get(steps.size() - 1), value);
  }

  void remove(ObjectNode root) {
    root.remove(steps.get(0));
  }

  private static @Nullable JsonNode child(JsonNode parent, String step) {
    return parent instanceof ArrayNode array
        ? index(step).map(array::get).orElse(null)
        : parent.get(step);
  }

  private static boolean place(JsonNode parent, String step, JsonNode value) {
    if (parent instanceof ObjectNode object) {
      object.set(step, value);
      return true;
    }
    if (!(parent instanceof ArrayNode array)) {
      return false;
    }
    int index = index(step).orElse(Integer.MAX_VALUE);
    if (index < array.size()) {
      array.set(index, value);
    } else if (index == array.size()) {
      array.add(value);
    }
    return index < array.size();
  }

  private static Optional<Integer> index(String step) {
    boolean number = step.length() < 9 && step.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Optional.of(Integer.parseInt(step)) : Optional.empty();
  }
}
