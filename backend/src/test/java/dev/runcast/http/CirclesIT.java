package dev.runcast.http;

import static dev.runcast.http.DevWorker.below;
import static dev.runcast.http.DevWorker.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import dev.runcast.http.DevWorker.Given;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs that would wait for each other, and so for ever. */
class CirclesIT {
  @RegisterExtension final WholeServer server = new WholeServer();
  private final DevWorker worker = new DevWorker(server);

  @BeforeEach
  void start() {
    worker.register("h", "t", "child");
  }

  private Reply awaitBelow(String parent, String task, String key) {
    JsonObject options = below(parent).put("idempotencyKey", key);
    return worker.call(
        "POST",
        "/api/v1/tasks/" + task + "/trigger",
        new JsonObject().put("payload", 1).put("options", options));
  }

  @Test
  void runsThatWouldWaitForEachOtherAreRefusedTo() {
    String top = worker.trigger("t", new JsonObject().put("idempotencyKey", "top"));
    worker.begin(worker.dequeue().get(0));
    assertThat(awaitBelow(top, "child", "middle").status()).isEqualTo(200);
    Given middle = worker.dequeue().get(0);
    worker.begin(middle);
    assertThat(awaitBelow(middle.run(), "child", "low").status()).isEqualTo(200);
    Given low = worker.dequeue().get(0);
    worker.begin(low);

    Reply upwards = awaitBelow(low.run(), "t", "top");
    Reply itself = awaitBelow(low.run(), "child", "low");

    Refusals.refused("POST a circle", upwards, 422);
    Refusals.refused("POST a run that waits for itself", itself, 422);
    assertThat(upwards.error()).contains("idempotencyKey");
    assertThat(worker.standing(low.run())).isEqualTo("EXECUTING");
  }

  @Test
  void anItemThatIsARunThatWaitsForTheBatchFails() {
    String top = worker.trigger("t", new JsonObject().put("idempotencyKey", "top"));
    worker.begin(worker.dequeue().get(0));
    assertThat(awaitBelow(top, "child", "low").status()).isEqualTo(200);
    Given low = worker.dequeue().get(0);
    worker.begin(low);
    String batch = worker.announce(low.run(), 1);

    Reply reply =
        worker.fill(
            batch, "child", item(0).put("options", new JsonObject().put("idempotencyKey", "low")));

    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    DueNow.look(server.database());
    assertThat(worker.standing(low.run())).isEqualTo("EXECUTING");
    assertThat(worker.latest(low.run()).getJsonArray("completedWaitpoints").encode())
        .contains("BATCH_ITEM_COULD_NOT_TRIGGER", "idempotencyKey");
  }
}
