package dev.runcast.http.api;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A list read page by page from its start to its end, and back again.
 *
 * @param there the ids in the order in which they were met
 * @param back those of the pages before the last one, from its end to the start
 */
record Pages(List<String> there, List<String> back) {

  /**
   * Reads a list.
   *
   * @param list what it answers to a query
   */
  static Pages of(int size, Function<String, JsonObject> list) {
    String sized = "page[size]=" + size;
    List<String> there = new ArrayList<>();
    List<String> back = new ArrayList<>();
    String previous = "";
    for (String next = ""; next != null; ) {
      JsonObject page = list.apply(sized + (next.isEmpty() ? "" : "&page[after]=" + next));
      there.addAll(ids(page));
      next = cursor(page, "next");
      previous = cursor(page, "previous");
    }
    while (previous != null) {
      JsonObject page = list.apply(sized + "&page[before]=" + previous);
      List<String> ids = ids(page);
      Collections.reverse(ids);
      back.addAll(ids);
      if (cursor(page, "next") == null) {
        throw new AssertionError("a page before another has none after it: " + page);
      }
      previous = cursor(page, "previous");
    }
    return new Pages(there, back);
  }

  /** The ids of one page. */
  static List<String> ids(JsonObject page) {
    return page.getJsonArray("data").stream()
        .map(each -> ((JsonObject) each).getString("id"))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** The cursor to the next or the previous page; null at an end. */
  static String cursor(JsonObject page, String name) {
    return page.getJsonObject("pagination").getString(name);
  }
}
