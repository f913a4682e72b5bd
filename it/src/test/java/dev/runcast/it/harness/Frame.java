package dev.runcast.it.harness;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One event of a feed as it came.
 *
 * @param name {@code run}, {@code snapshot}, …
 * @param id the cursor that came with it; empty when there was none
 */
public record Frame(String name, String id, JsonNode data) {

  /** The id of the run that it is about; empty when it is not about one. */
  public String run() {
    return name.equals("leave") ? data.path("id").asText() : data.path("run").path("id").asText();
  }

  /** The run's columns, as far as they were told. */
  public JsonNode columns() {
    return data.path("run");
  }

  @Override
  public String toString() {
    String text = data.toString();
    return name + " " + id + " " + (text.length() > 400 ? text.substring(0, 400) + "…" : text);
  }
}
