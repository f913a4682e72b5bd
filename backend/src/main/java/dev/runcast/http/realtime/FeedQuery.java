package dev.runcast.http.realtime;

import dev.runcast.http.ApiException;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query of a subscription, by the kinds of values in it. Each method throws a 400 that names
 * the parameter when its value is not of that kind.
 *
 * @param lastEventId the header of that name, if it was sent
 */
public record FeedQuery(MultiMap parameters, @Nullable String lastEventId) {

  public boolean has(String name) {
    return parameters.contains(name);
  }

  /** The value of a parameter that may be given once. */
  public @Nullable String one(String name) {
    List<String> values = parameters.getAll(name);
    if (values.size() > 1) {
      throw ApiException.badRequest(name, name + " is given more than once; give it once.");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** Whether a parameter is there and says yes; without a value it does. */
  boolean flag(String name) {
    String value = one(name);
    if (value == null) {
      return false;
    }
    return switch (value) {
      case "", "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw ApiException.badRequest(name, name + " must be true or false.");
    };
  }

  /** The values of a parameter that lists them between commas and may be repeated. */
  Set<String> list(String name) {
    Set<String> values = new LinkedHashSet<>();
    for (String text : parameters.getAll(name)) {
      values.addAll(List.of(text.split(",", -1)));
    }
    if (values.contains("")) {
      throw ApiException.badRequest(
          name, name + " holds an empty value; give values with one comma between two of them.");
    }
    return values;
  }

  /** The values of a parameter that is repeated for each of them, commas being a part of them. */
  Set<String> repeated(String name) {
    Set<String> values = new LinkedHashSet<>(parameters.getAll(name));
    if (values.contains("")) {
      throw ApiException.badRequest(name, name + " is empty; leave it out or give a value.");
    }
    return values;
  }

  /** Refuses parameters that mean nothing for this feed, rather than ignore what was asked for. */
  public void refuse(String feed, String... names) {
    List<String> found = new ArrayList<>();
    for (String name : names) {
      if (has(name)) {
        found.add(name);
      }
    }
    if (!found.isEmpty()) {
      throw ApiException.badRequest(
          found.get(0), found.get(0) + " does not apply to " + feed + "; leave it out.");
    }
  }
}
