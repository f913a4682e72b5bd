package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runcast.http.DevWorker.Given;
import dev.runcast.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a tool or a worker did wrong is in the log, in one line and without what it sent. */
class RefusalLogIT {
  private static final String PAYLOAD = "of-the-payload";

  private WholeServer server;
  private DevWorker worker;

  private final Logger log = (Logger) LoggerFactory.getLogger("dev.runcast");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void start() {
    server = new WholeServer();
    worker = new DevWorker(server);
    worker.register("h", "t");
    log.setLevel(Level.INFO);
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void stop() {
    log.detachAppender(lines);
    log.setLevel(null);
    server.close();
  }

  /** Written when the answer is out, which its caller may have before. */
  private void hasLine(String... parts) {
    Await.until(
        "a line of " + List.of(parts),
        () -> texts().stream().anyMatch(text -> List.of(parts).stream().allMatch(text::contains)));
    assertThat(texts()).noneMatch(text -> text.contains(PAYLOAD));
    assertThat(texts()).noneMatch(text -> text.contains(WholeServer.SECRET));
  }

  private List<String> texts() {
    return List.copyOf(lines.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private Given given() {
    worker.trigger("t");
    return worker.dequeue().get(0);
  }

  @Test
  void wordsOfASnapshotThatHasPassed() {
    Given given = given();
    String begun = worker.begin(given);
    worker.start(given.run(), given.snapshot(), "x-request-id", "another");
    hasLine("refused", given.run(), given.snapshot(), "/start", "status=400", "not the newest");
    worker.end(given.run(), begun, DevWorker.success("1"));
    worker.complete(given.run(), begun, DevWorker.success(PAYLOAD));
    hasLine("refused", given.run(), begun, "/complete", "status=400");
  }

  @Test
  void theEndOfARunThatWasCancelled() {
    Given given = given();
    worker.begin(given);
    worker.call("POST", "/api/v2/runs/" + given.run() + "/cancel", new JsonObject());
    String snapshot = DevWorker.snapshot(worker.latest(given.run()));
    worker.end(given.run(), snapshot, DevWorker.success(PAYLOAD));
    hasLine("lets go of a run that is over", given.run(), "CANCELED");
  }

  @Test
  void anAttemptThatFailedByTheNameOfItsError() {
    Given given = given();
    JsonObject error =
        new JsonObject()
            .put("type", "BUILT_IN_ERROR")
            .put("name", "TaskPayloadParsedError")
            .put("message", PAYLOAD)
            .put("stackTrace", PAYLOAD);
    worker.end(
        given.run(), worker.begin(given), new JsonObject().put("ok", false).put("error", error));
    hasLine("attempt failed", given.run(), "TaskPayloadParsedError");
  }

  @Test
  void anEndThatCantBeRead() {
    Given given = given();
    String path = "/engine/v1/dev/runs/" + given.run() + "/snapshots/" + worker.begin(given);
    worker.call("POST", path + "/attempts/complete", new JsonObject().put("completion", PAYLOAD));
    hasLine("refused", path, "status=400");
  }

  @Test
  void aTaskThatNoBuildHasAnyMore() {
    worker.register("with", "t", "gone");
    worker.register("without", "t");
    String run = worker.trigger("gone");
    assertThat(worker.dequeue()).isEmpty();
    hasLine("wait for a build that has their task", run);
  }

  @Test
  void aBuildWithTwoTasksOfOneId() {
    JsonArray twice = new JsonArray().add(DevWorker.task("t")).add(DevWorker.task("t"));
    worker.register("twice", twice, new JsonArray());
    hasLine("refused", "/background-workers", "status=422");
  }

  @Test
  void aScheduleThatIsWrong() {
    JsonObject schedule =
        new JsonObject().put("task", "t").put("cron", "61 * * * *").put("deduplicationKey", "k");
    worker.call("POST", "/api/v1/schedules", schedule);
    hasLine("refused", "/api/v1/schedules", "status=422", "cron");
  }

  @Test
  void tracesThatAreNone() {
    worker.call("POST", "/otel/v1/traces", null);
    hasLine("refused", "/otel/v1/traces", "status=400");
  }

  @Test
  void credentialsAreNotItsBusinessAndManyOfOneKindAreCounted() {
    new Caller(server.port())
        .call(Sample.keyOnly("POST /engine/v1/dev/dequeue", "/engine/v1/dev/dequeue"), "tr_dev_no");
    for (int i = 0; i < 200; i++) {
      worker.call("GET", "/engine/v1/dev/runs/run_" + i + "/snapshots/latest", null);
    }
    hasLine("refused", "/snapshots/latest", "status=404");
    assertThat(texts()).noneMatch(text -> text.contains("status=401"));
    // Of one connection, in one minute or two.
    assertThat(texts().stream().filter(text -> text.startsWith("refused")).count())
        .isLessThanOrEqualTo(120);
  }
}
