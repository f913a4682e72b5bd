package dev.runcast.it.bench.connection;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.RowWriter;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import dev.runcast.it.bench.report.Rounds;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A hundred sockets with a hundred subscriptions each, every one to a run of its own: the memory of
 * a subscription over that of its socket, and what a change of one run costs beside a hundred
 * sockets with one subscription each.
 */
public final class ManySubscriptions implements Section {
  private static final int SOCKETS = 100;
  private static final int EACH = 100;
  private static final int ROUNDS = 3;
  private static final Pace PACE = new Pace(1_000, Duration.ofSeconds(4));
  private static final Pace WARM_UP = new Pace(2_000, Duration.ofSeconds(4));
  private static final Duration REST = Duration.ofMillis(1_500);
  private static final double MEMORY_AIM = 2;
  private static final double COST_AIM = 1.1;
  private static final String RUN = "run_k";

  /**
   * One measurement.
   *
   * @param millis of the service's processor time for each thousand deliveries
   */
  record Sample(double millis, Load.Received received) {
    JsonObject toJson() {
      return received.toJson().put("cpuMillisForAThousand", millis);
    }
  }

  private final Rounds cost = new Rounds();
  private final List<JsonObject> samples = new ArrayList<>();

  @Override
  public void run(Ground ground, Report report) {
    ground.stopService();
    Service service = Service.start(ground, "socket-service", List.of("-Xmx256m"));
    String metadata = RowShape.SMALL.metadata();
    ground.database().insertRuns(service.environment(), RUN, SOCKETS * EACH, metadata);
    Load load = Load.start("load-sockets", ground.children());
    try (RowWriter writer =
        new RowWriter(ground.database(), service.environment(), RUN, SOCKETS, metadata)) {
      changes(service, load, writer, EACH, WARM_UP);
      double one = resident(service, load, 1);
      double hundred = resident(service, load, EACH);
      for (int i = 0; i < ROUNDS; i++) {
        Sample many = changes(service, load, writer, EACH, PACE);
        Sample few = changes(service, load, writer, 1, PACE);
        cost.add(many.millis, few.millis);
        samples.add(new JsonObject().put("many", many.toJson()).put("few", few.toJson()));
      }
      report.add(memory(one, hundred, Cost.of("service", service.usage())));
      report.add(cost());
    }
    load.stop();
    service.stop();
  }

  private static Load.Subscribers subscribers(Service service, int each) {
    return Load.Subscribers.onSockets(
        service.port(),
        SOCKETS,
        each,
        "/realtime/v1/runs/" + RUN + "%d" + RowShape.SMALL.query(),
        Tenant.SERVICE_KEY);
  }

  /** Resident bytes of the service while so many subscriptions are on each socket. */
  private static double resident(Service service, Load load, int each) {
    load.open(subscribers(service, each));
    rest();
    service.collectGarbage();
    double bytes = service.usage().residentBytes();
    load.closeAll();
    rest();
    return bytes;
  }

  /** Changes of the runs that the first subscriptions of the sockets are to. */
  private static Sample changes(Service service, Load load, RowWriter writer, int each, Pace pace) {
    load.open(subscribers(service, each));
    rest();
    load.reset();
    Usage before = service.usage();
    long written = writer.run(pace);
    rest();
    Load.Received received = load.read();
    double seconds = service.usage().since(before).cpuSeconds();
    load.closeAll();
    rest();
    if (received.deliveries() < written * 0.99) {
      throw new IllegalStateException(received.deliveries() + " of " + written + " were heard");
    }
    return new Sample(1e6 * seconds / received.deliveries(), received);
  }

  private static Figure memory(double one, double hundred, Cost cost) {
    double each = (hundred - one) / (SOCKETS * (EACH - 1)) / 1024;
    return new Figure(
        "memory of each of 100 subscriptions of a socket, beyond the first",
        "KB",
        each,
        new Figure.Baseline("aim", MEMORY_AIM, each / MEMORY_AIM),
        Figure.Target.atMost("< 2 KB", each, MEMORY_AIM),
        cost,
        "Limited by what is kept of each: its name, feed, filter, cursor and place in the hub.",
        new JsonObject().put("withOneEach", one).put("withAHundredEach", hundred));
  }

  private Figure cost() {
    return new Figure(
        "a thousand changes, 100 sockets with 100 subscriptions each",
        "CPU-ms",
        cost.ours(),
        new Figure.Baseline("with one each", cost.baseline(), cost.ratio()),
        Figure.Target.atMost("<= 1.1", cost.ratio(), COST_AIM),
        Cost.NONE,
        "What is looked at more often than once a second or two is nothing of a subscription.",
        new JsonObject()
            .put("ratios", new JsonArray(cost.ratios()))
            .put("samples", new JsonArray(samples)));
  }

  private static void rest() {
    LockSupport.parkNanos(REST.toNanos());
  }
}
