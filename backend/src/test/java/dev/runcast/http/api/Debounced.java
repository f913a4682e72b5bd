package dev.runcast.http.api;

import io.vertx.core.json.JsonObject;

/** Orders with a debounce key, as the tests of them write them. */
final class Debounced {
  private Debounced() {}

  /** A body with a payload, and further options as JSON members. */
  static String body(int n, String debounce, String more) {
    return "{\"payload\":{\"n\":%d},\"options\":{\"debounce\":{%s}%s}}"
        .formatted(n, debounce, more.isEmpty() ? "" : "," + more);
  }

  /** An item of a batch. */
  static String item(String task, int n, String debounce, String more) {
    return new JsonObject(body(n, debounce, more)).put("task", task).encode();
  }

  /** What an order says of its key, whose run keeps what it had first. */
  static String leading(String key) {
    return "\"key\":\"%s\",\"delay\":\"1h\"".formatted(key);
  }

  /** The same; its run takes over what came last. */
  static String trailing(String key) {
    return leading(key) + ",\"mode\":\"trailing\"";
  }

  /** How many runs a task has. */
  static long count(ApiServer server, String task) {
    return Long.parseLong(
        server.query("select count(*) from run where task_identifier = '" + task + "'").get(0));
  }
}
