package dev.runcast.it.bench.engine;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.engine.DevClient.Given;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import io.vertx.core.json.JsonObject;

/**
 * The engine's own share of a run: from when its trigger is sent to when it is handed out to who
 * asks at once, and from when its completion is sent to when that is stored. One run at a time.
 */
public final class OwnShare implements Section {
  private static final int WARM_UP = 300;
  private static final int RUNS = 600;
  private static final double AIM_MILLIS = 25;

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    DevClient client = new DevClient(service);
    client.register("bench_share");
    Times handedOut = new Times();
    Times stored = new Times();
    for (int i = 0; i < WARM_UP; i++) {
      one(client, new Times(), new Times());
    }
    Usage before = service.usage();
    for (int i = 0; i < RUNS; i++) {
      one(client, handedOut, stored);
    }
    Cost cost = Cost.of("service", service.usage().since(before));
    report.add(figure("trigger to handed out, one at a time", handedOut, cost));
    report.add(figure("complete to committed, one at a time", stored, Cost.NONE));
  }

  private static void one(DevClient client, Times handedOut, Times stored) {
    long began = System.nanoTime();
    String run = client.trigger("bench_share");
    Given given =
        client.dequeue().stream()
            .filter(one -> one.run().equals(run))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("not handed out at once: " + run));
    handedOut.since(began);
    Given begun = client.start(given);
    long ended = System.nanoTime();
    client.complete(begun);
    stored.since(ended);
  }

  private static Figure figure(String name, Times times, Cost cost) {
    return new Figure(
        name + ", p99",
        "ms",
        times.p99(),
        new Figure.Baseline("median", times.median(), times.p99() / times.median()),
        Figure.Target.atMost("< 25 ms", times.p99(), AIM_MILLIS),
        cost,
        "Limited by commits and round trips to Postgres.",
        new JsonObject().put("times", times.json()));
  }
}
