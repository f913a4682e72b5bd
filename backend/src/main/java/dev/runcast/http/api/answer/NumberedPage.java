package dev.runcast.http.api.answer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runcast.http.ApiException;
import io.vertx.core.MultiMap;

/**
 * A page of a short list, as {@code page} and {@code perPage} of a query string ask for it.
 *
 * @param number from 1
 */
public record NumberedPage(int number, int size) {
  private static final int DEFAULT_SIZE = 25;
  private static final int MAX_SIZE = 100;
  private static final int MAX_NUMBER = 1_000_000;

  /**
   * The page that is asked for.
   *
   * @throws ApiException 400 for one that can't be
   */
  public static NumberedPage of(MultiMap query) {
    return new NumberedPage(
        number(query, "page", 1, MAX_NUMBER), number(query, "perPage", DEFAULT_SIZE, MAX_SIZE));
  }

  private static int number(MultiMap query, String name, int otherwise, int most) {
    String text = query.get(name);
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > most) {
      throw ApiException.badRequest(name, "%s must be 1 to %d.".formatted(name, most));
    }
    return number;
  }

  /** How many things come before it. */
  public long offset() {
    return (number - 1L) * size;
  }

  /** The answer: the things of the page, and how many there are in all. */
  public ObjectNode answer(ArrayNode data, long total) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("data", data);
    answer
        .putObject("pagination")
        .put("currentPage", number)
        .put("totalPages", Math.max(1, (total + size - 1) / size))
        .put("count", total);
    return answer;
  }
}
