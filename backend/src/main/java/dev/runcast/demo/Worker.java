package dev.runcast.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What every pretend task needs to move its runs: the API, pauses, chance. On one event loop. */
record Worker(Vertx vertx, DemoApi api, Random random) {

  Future<Void> pause(int minMs, int maxMs) {
    return vertx.timer(minMs + random.nextInt(maxMs - minMs), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Lets a run wait in its queue for a moment, then executes it to the end. */
  Future<Void> work(String run, Supplier<Future<Void>> steps) {
    return pause(200, 900)
        .compose(queued -> api.status(run, "EXECUTING"))
        .compose(started -> steps.get());
  }

  /** Trigger options with the tag of the demo and others. */
  static JsonObject tagged(String... tags) {
    JsonArray all = new JsonArray().add("demo");
    for (String tag : tags) {
      all.add(tag);
    }
    return new JsonObject().put("tags", all);
  }
}
