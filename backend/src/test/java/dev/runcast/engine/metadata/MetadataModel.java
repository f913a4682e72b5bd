package dev.runcast.engine.metadata;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What metadata operations mean, said again in the simplest way: each rebuilds the whole document
 * by recursion over other JSON classes. A missing value is null; no value of the test is null.
 */
final class MetadataModel {
  private Object document = new JsonObject();

  String text() {
    return Json.encode(document);
  }

  void put(List<String> steps, String value) {
    change(steps, old -> Json.decodeValue(value));
  }

  void append(List<String> steps, String value) {
    change(
        steps,
        old -> {
          JsonArray array = old instanceof JsonArray present ? present.copy() : new JsonArray();
          if (old != null && !(old instanceof JsonArray)) {
            array.add(old);
          }
          return array.add(Json.decodeValue(value));
        });
  }

  void remove(List<String> steps, String value) {
    change(
        steps,
        old -> {
          if (!(old instanceof JsonArray present)) {
            return old;
          }
          JsonArray kept = new JsonArray();
          Object gone = Json.decodeValue(value);
          present.stream().filter(element -> !element.equals(gone)).forEach(kept::add);
          return kept;
        });
  }

  void increment(List<String> steps, int by) {
    change(steps, old -> (old instanceof Number number ? number.intValue() : 0) + by);
  }

  void delete(String name) {
    ((JsonObject) document).remove(name);
  }

  private void change(List<String> steps, UnaryOperator<Object> change) {
    document = changed(document, steps, change);
  }

  /** What a value becomes when the place below it changes; null when there is and comes nothing. */
  private static Object changed(Object at, List<String> steps, UnaryOperator<Object> change) {
    if (steps.isEmpty()) {
      return change.apply(at);
    }
    String step = steps.get(0);
    List<String> rest = steps.subList(1, steps.size());
    if (at == null) {
      Object below = changed(null, rest, change);
      return below == null ? null : new JsonObject().put(step, below);
    }
    if (at instanceof JsonObject object) {
      Object below = changed(object.getValue(step), rest, change);
      return below == null ? object : object.copy().put(step, below);
    }
    if (at instanceof JsonArray array && step.matches("[0-9]")) {
      return changedElement(array.copy(), Integer.parseInt(step), rest, change);
    }
    return at;
  }

  private static Object changedElement(
      JsonArray array, int index, List<String> rest, UnaryOperator<Object> change) {
    if (index > array.size()) {
      return array;
    }
    Object below = changed(index < array.size() ? array.getValue(index) : null, rest, change);
    if (below != null && index < array.size()) {
      array.set(index, below);
    } else if (below != null) {
      array.add(below);
    }
    return array;
  }
}
