package dev.runcast.demo;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** An order: a child that charges the card, then a batch that packs its parcels. */
final class OrderPipeline implements DemoTask {

  private final Worker worker;

  OrderPipeline(Worker worker) {
    this.worker = worker;
  }

  @Override
  public Future<Void> run() {
    int number = 1_000 + worker.random().nextInt(9_000);
    JsonObject payload = new JsonObject().put("order", number);
    return worker
        .api()
        .trigger("demo-order", payload, Worker.tagged("order:" + number))
        .compose(run -> worker.work(run, () -> fulfil(run, number)));
  }

  private Future<Void> fulfil(String order, int number) {
    int parcels = 2 + worker.random().nextInt(4);
    return charge(order, number)
        .compose(charged -> worker.api().report(order, new JsonObject().put("step", "packing")))
        .compose(noted -> pack(order, number, parcels))
        .compose(packed -> worker.api().complete(order, new JsonObject().put("parcels", parcels)));
  }

  private Future<Void> charge(String order, int number) {
    JsonObject payload = new JsonObject().put("cents", 500 + worker.random().nextInt(20_000));
    JsonObject options = Worker.tagged("order:" + number).put("parentRunId", order);
    return worker
        .api()
        .report(order, new JsonObject().put("step", "payment"))
        .compose(noted -> worker.api().trigger("demo-charge-card", payload, options))
        .compose(
            child ->
                worker.work(
                    child,
                    () ->
                        worker
                            .pause(400, 1_500)
                            .compose(
                                paid ->
                                    worker
                                        .api()
                                        .complete(child, new JsonObject().put("paid", true)))));
  }

  private Future<Void> pack(String order, int number, int parcels) {
    List<JsonObject> items =
        IntStream.rangeClosed(1, parcels)
            .mapToObj(
                parcel ->
                    new JsonObject()
                        .put("task", "demo-pack-parcel")
                        .put("payload", new JsonObject().put("parcel", parcel))
                        .put("options", Worker.tagged("order:" + number)))
            .toList();
    return worker
        .api()
        .batch(order, items)
        .compose(
            runs -> {
              List<Future<Void>> packed = new ArrayList<>();
              runs.forEach(run -> packed.add(packOne(run)));
              return Future.all(packed).mapEmpty();
            });
  }

  private Future<Void> packOne(String run) {
    return worker.work(
        run,
        () ->
            worker
                .pause(500, 3_000)
                .compose(
                    packed -> worker.api().complete(run, new JsonObject().put("packed", true))));
  }
}
