package dev.runcast.http;

import static dev.runcast.http.DevWorker.below;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.DevWorker.Given;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What follows from a run's being cancelled, or moved by plain SQL, for whoever has it and for
 * others.
 */
class EndsIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);

  @BeforeEach
  void start() {
    worker.register("h", "t", "child");
  }

  private String status(String run) {
    return worker.retrieve(run).getString("status");
  }

  private static JsonObject soon() {
    return DevWorker.failure().put("retry", new JsonObject().put("timestamp", 1).put("delay", 100));
  }

  private void registerQueueOfOne() {
    worker.register(
        "h2",
        new JsonArray()
            .add(
                DevWorker.task("t")
                    .put("retry", new JsonObject().put("maxAttempts", 3))
                    .put("queue", new JsonObject().put("name", "q"))),
        new JsonArray().add(new JsonObject().put("name", "q").put("concurrencyLimit", 1)));
  }

  @Test
  void aRunThatIsCancelledBetweenTwoAttemptsFreesItsPlace() {
    registerQueueOfOne();
    String run = worker.trigger("t");
    String next = worker.trigger("t");
    JsonObject again = worker.end(run, worker.begin(worker.dequeue().get(0)), soon());
    assertThat(again.getString("attemptStatus")).isEqualTo("RETRY_IMMEDIATELY");

    worker.cancel(run);

    assertThat(worker.standing(run)).isEqualTo("FINISHED");
    assertThat(server.query("select ref from due where kind = 'EXECUTION'")).isEmpty();
    assertThat(worker.dequeue()).extracting(Given::run).containsExactly(next);
    Refusals.refused("POST start", worker.start(run, DevWorker.snapshot(again)), 400);
  }

  @Test
  void aRunThatIsCancelledBeforeItIsBegunIsLetGoOfByItsBeginning() {
    registerQueueOfOne();
    String run = worker.trigger("t");
    String next = worker.trigger("t");
    Given given = worker.dequeue().get(0);
    worker.cancel(run);
    assertThat(worker.standing(run)).isEqualTo("PENDING_CANCEL");

    Reply begun = worker.start(run, given.snapshot());

    Refusals.refused("POST start of a cancelled run", begun, 400);
    assertThat(worker.standing(run)).isEqualTo("FINISHED");
    assertThat(status(run)).isEqualTo("CANCELED");
    assertThat(worker.dequeue()).extracting(Given::run).containsExactly(next);
  }

  @Test
  void aRequestThatComesLateDoesNotLetGoOfARunThatIsBeingCancelled() {
    Given given = worker.executing("t");
    worker.cancel(given.run());

    Refusals.refused("POST start again", worker.start(given.run(), given.snapshot()), 400);

    assertThat(worker.standing(given.run())).isEqualTo("PENDING_CANCEL");
  }

  @Test
  void aWaitThatComesAfterItsAttemptHasEndedIsNone() {
    worker.register(
        "h2",
        new JsonArray()
            .add(DevWorker.task("t").put("retry", new JsonObject().put("maxAttempts", 3))),
        new JsonArray());
    String run = worker.trigger("t");
    JsonObject again = worker.end(run, worker.begin(worker.dequeue().get(0)), soon());

    Reply late = waitUntil(run, 2040);

    Refusals.refused("POST a wait too late", late, 404);
    assertThat(worker.standing(run)).isEqualTo("EXECUTING");
    worker.begin(run, DevWorker.snapshot(again));
    assertThat(server.query("select from wait")).isEmpty();
  }

  private Reply waitUntil(String run, int year) {
    return worker.call(
        "POST",
        "/engine/v1/runs/" + run + "/wait/duration",
        new JsonObject().put("date", year + "-01-01T00:00:00.000Z"));
  }

  @Test
  void whatPlainSqlMakesOfARunThatWaitsHoldsUpNoOther() {
    String odd = worker.executing("t").run();
    String other = worker.executing("t").run();
    for (String run : List.of(odd, other)) {
      waitUntil(run, 2020);
    }
    server.postgres.execute("update run set status = 'DELAYED' where id = '" + odd + "'");

    DueNow.look(server.database());

    assertThat(worker.standing(other)).isEqualTo("EXECUTING");
    assertThat(worker.retrieve(odd).getString("status")).isEqualTo("SYSTEM_FAILURE");
    assertThat(worker.retrieve(odd).getJsonObject("error").getString("message"))
        .contains("DELAYED");
    assertThat(worker.standing(odd)).as("its worker is told").isEqualTo("PENDING_CANCEL");
  }

  @Test
  void aWaitThatCantEndIsTriedAgainAndHoldsUpNoOther() {
    String odd = worker.executing("t").run();
    String other = worker.executing("t").run();
    for (String run : List.of(odd, other)) {
      waitUntil(run, 2020);
    }
    server.postgres.execute(
        "alter table run add constraint odd check (id <> '%s' or status <> 'EXECUTING') not valid"
            .formatted(odd));

    DueNow.look(server.database());

    assertThat(worker.standing(other)).isEqualTo("EXECUTING");
    assertThat(worker.standing(odd)).isEqualTo("EXECUTING_WITH_WAITPOINTS");
    String putOff = "select tries from due where kind = 'RESUME' and at > now() + interval '%s s'";
    assertThat(server.query(putOff.formatted(0))).containsExactly("1");
    server.postgres.execute("update due set at = now() - interval '1 s' where kind = 'RESUME'");
    DueNow.look(server.database());
    assertThat(server.query(putOff.formatted(6))).as("twice as long").containsExactly("2");
    server.postgres.execute(
        "alter table run drop constraint odd; update due set at = now() where kind = 'RESUME'");
    DueNow.look(server.database());
    assertThat(worker.standing(odd)).isEqualTo("EXECUTING");
  }

  @Test
  void aRunThatIsQueuedInSqlWhileItWaitsBeginsAnew() {
    String run = worker.executing("t").run();
    waitUntil(run, 2040);

    server.postgres.execute("update run set status = 'PENDING'");

    assertThat(server.query("select from wait")).isEmpty();
    worker.begin(worker.dequeue().get(0));
    String child = worker.trigger("child", below(run));
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + child + "'");
    DueNow.look(server.database());
    assertThat(worker.standing(run)).isEqualTo("EXECUTING");
  }
}
