package dev.runcast.demo;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** A job that fails half of the time, is tried again, and after three attempts gives up. */
final class FlakyJob implements DemoTask {
  private static final int ATTEMPTS = 3;

  private final Worker worker;

  FlakyJob(Worker worker) {
    this.worker = worker;
  }

  @Override
  public Future<Void> run() {
    JsonObject payload = new JsonObject().put("url", "https://example.com/feed");
    JsonObject options = Worker.tagged("flaky").put("maxAttempts", ATTEMPTS);
    return worker
        .api()
        .trigger("demo-import-feed", payload, options)
        .compose(run -> worker.work(run, () -> attempt(run, 1)));
  }

  private Future<Void> attempt(String run, int attempt) {
    return worker
        .pause(500, 2_000)
        .compose(
            tried -> {
              if (worker.random().nextBoolean()) {
                return worker
                    .api()
                    .complete(run, new JsonObject().put("items", worker.random().nextInt(40)));
              }
              return attempt == ATTEMPTS
                  ? worker.api().fail(run, "The feed did not answer, " + ATTEMPTS + " times")
                  : tryAgain(run, attempt + 1);
            });
  }

  private Future<Void> tryAgain(String run, int attempt) {
    return worker
        .api()
        .status(run, "RETRYING_AFTER_FAILURE")
        .compose(noted -> worker.api().report(run, new JsonObject().put("attempt", attempt)))
        .compose(noted -> worker.pause(800, 2_500))
        .compose(waited -> worker.api().status(run, "EXECUTING"))
        .compose(started -> attempt(run, attempt));
  }
}
