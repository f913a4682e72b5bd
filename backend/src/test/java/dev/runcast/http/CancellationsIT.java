package dev.runcast.http;

import static dev.runcast.http.DevWorker.below;
import static dev.runcast.http.DevWorker.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.DevWorker.Given;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is cancelled along with whom: runs that another waits for, and so on downwards. */
class CancellationsIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);

  @BeforeEach
  void start() {
    worker.register("h", "t", "child");
  }

  private String status(String run) {
    return worker.retrieve(run).getString("status");
  }

  private List<String> members(String batch) {
    return server.query("select status from run where batch_id = '" + batch + "'");
  }

  @Test
  void whoIsWaitedForIsCancelledWithWhoWaitsAndSoOnDownwards() {
    String parent = worker.executing("t").run();
    String child = worker.trigger("child", below(parent));
    worker.begin(worker.dequeue().get(0));
    String grandchild = worker.trigger("child", below(child));
    String others = worker.trigger("child", new JsonObject().put("parentRunId", parent));

    assertThat(worker.cancel(parent).status()).isEqualTo(200);
    DueNow.look(server.database());

    assertThat(status(child)).isEqualTo("CANCELED");
    assertThat(worker.standing(child)).as("its worker is told").isEqualTo("PENDING_CANCEL");
    assertThat(status(grandchild)).isEqualTo("CANCELED");
    assertThat(status(others)).as("nobody waits for it").isEqualTo("QUEUED");
    assertThat(server.query("select kind from due where kind in ('CANCEL', 'RESUME')")).isEmpty();
  }

  @Test
  void whoeverCancelsInSqlAndWhoeverIsGoneTakesThoseAlongWhoAreWaitedFor() {
    String parent = worker.executing("t").run();
    String child = worker.trigger("child", below(parent));
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + parent + "'");
    DueNow.look(server.database());
    assertThat(status(child)).isEqualTo("CANCELED");

    String other = worker.executing("t").run();
    String queued = worker.trigger("child", below(other));
    worker.call(
        "POST",
        "/engine/v1/dev/disconnect",
        new JsonObject().put("runFriendlyIds", new JsonArray().add(other)));
    DueNow.look(server.database());
    assertThat(status(queued)).isEqualTo("CANCELED");
  }

  @Test
  void oneThatHasEndedOrIsGoneIsLeftAsItIs() {
    String parent = worker.executing("t").run();
    String batch = worker.announce(parent, 2);
    assertThat(worker.fill(batch, "child", item(0), item(1)).status()).isEqualTo(200);
    worker.cancel(parent);
    server.postgres.execute(
        """
        update run set status = 'COMPLETED_SUCCESSFULLY' where batch_index = 0;
        update run set status = 'CANCELED' where batch_index = 1;
        update run set status = 'DELETED' where batch_index = 1""");

    DueNow.look(server.database());

    assertThat(members(batch)).containsExactlyInAnyOrder("COMPLETED_SUCCESSFULLY", "DELETED");
    assertThat(server.query("select from due where kind = 'CANCEL'")).isEmpty();
  }

  @Test
  void aRunThatAKeyFoundIsNotCancelledWithWhoWaitsForIt() {
    JsonObject options = new JsonObject().put("idempotencyKey", "k");
    String found = worker.trigger("child", options.copy());
    server.postgres.execute("update run set delay_until = now(), status = 'DELAYED'");
    String parent = worker.executing("t").run();
    assertThat(worker.trigger("child", options.mergeIn(below(parent)))).isEqualTo(found);

    worker.cancel(parent);
    DueNow.look(server.database());

    assertThat(status(found)).isEqualTo("DELAYED");
  }

  @Test
  void aRunThatOthersWaitForIsNotCancelledWithWhoTriggeredIt() {
    String parent = worker.executing("t").run();
    String other = worker.executing("t").run();
    String late = worker.executing("t").run();
    JsonObject options = new JsonObject().put("idempotencyKey", "k");
    String child = worker.trigger("child", options.copy().mergeIn(below(parent)));
    assertThat(worker.trigger("child", options.copy().mergeIn(below(other)))).isEqualTo(child);
    worker.cancel(parent);
    DueNow.look(server.database());
    assertThat(status(child)).isEqualTo("QUEUED");

    String second = worker.trigger("child", below(late).put("idempotencyKey", "l"));
    server.postgres.execute("update run set status = 'CANCELED' where id = '" + late + "'");
    worker.trigger("child", below(other).put("idempotencyKey", "l"));
    DueNow.look(server.database());
    assertThat(status(second)).as("waited for before its time came").isEqualTo("QUEUED");
  }

  @Test
  void aRunThatFailsLeavesAloneWhoItWaitsFor() {
    Given parent = worker.executing("t");
    String child = worker.trigger("child", below(parent.run()));
    String busy = worker.latest(parent.run()).getJsonObject("snapshot").getString("friendlyId");
    worker.end(parent.run(), busy, DevWorker.failure("TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE"));
    DueNow.look(server.database());

    assertThat(status(child)).isEqualTo("QUEUED");
  }

  @Test
  void theRunsOfABatchAreCancelledWithWhoWaitsForThem() {
    String parent = worker.executing("t").run();
    String batch = worker.announce(parent, 3);
    assertThat(worker.fill(batch, "child", item(0), item(1), item(2)).status()).isEqualTo(200);

    worker.cancel(parent);
    DueNow.look(server.database());

    assertThat(members(batch)).containsExactly("CANCELED", "CANCELED", "CANCELED");
  }

  @Test
  void aBatchIsNotFilledAnyFurtherWhoseParentWasCancelled() {
    String parent = worker.executing("t").run();
    String batch = worker.announce(parent, 3);
    assertThat(worker.fill(batch, "child", item(0)).status()).isEqualTo(200);

    worker.cancel(parent);
    Reply rest = worker.fill(batch, "child", item(1), item(2));
    DueNow.look(server.database());

    Refusals.refused("POST items for a cancelled run", rest, 422);
    assertThat(rest.error()).contains("CANCELED");
    assertThat(members(batch)).containsExactly("CANCELED");
  }

  @Test
  void nothingIsTriggeredForWhoWaitsForNothingAnyMore() {
    String parent = worker.executing("t").run();
    worker.cancel(parent);

    Reply reply =
        worker.call(
            "POST",
            "/api/v1/tasks/child/trigger",
            new JsonObject().put("payload", 1).put("options", below(parent)));

    Refusals.refused("POST for a cancelled run", reply, 422);
    assertThat(server.query("select from run")).hasSize(1);
  }
}
