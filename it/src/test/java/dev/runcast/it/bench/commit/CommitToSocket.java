package dev.runcast.it.bench.commit;

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
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * From commit to a subscriber's socket. In each round the same writes are heard by a bare loop
 * while the service is halted, then by the service, then by the service while ten thousand others
 * are subscribed to other things.
 */
public final class CommitToSocket implements Section {
  private static final int RUNS = 20;
  private static final int OTHERS = 10_000;
  private static final int ROUNDS = 3;
  private static final Pace PACE = new Pace(200, Duration.ofSeconds(2));
  private static final Pace WARM_UP = new Pace(1_000, Duration.ofSeconds(4));
  private static final Duration REST = Duration.ofMillis(1_200);
  private static final int EVENTS_BEFORE_LIVE = 3; // retry, snapshot, live

  private final Rounds median = new Rounds();
  private final Rounds p99 = new Rounds();
  private final Rounds crowded = new Rounds();

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    String metadata = RowShape.SMALL.metadata();
    ground.database().insertRuns(service.environment(), "run_c", RUNS, metadata);
    Load load = Load.start("load-commit", ground.children());
    Load others = Load.start("load-others", ground.children());
    load.open(subscribers(service, RUNS, "/realtime/v1/runs/run_c%d", EVENTS_BEFORE_LIVE));
    Usage before = service.usage();
    try (RowWriter writer =
        new RowWriter(ground.database(), service.environment(), "run_c", RUNS, metadata)) {
      writer.run(WARM_UP);
      for (int i = 0; i < ROUNDS; i++) {
        round(ground, writer, load, others);
      }
    }
    Cost cost = Cost.of("service", service.usage().since(before)).and("load", load.usage());
    load.stop();
    others.stop();
    add(report, cost);
  }

  private void round(Ground ground, RowWriter writer, Load load, Load others) {
    Service service = ground.service();
    JsonObject bare = bare(ground, writer);
    Load.Received alone = heard(writer, load);
    others.open(
        subscribers(service, OTHERS, "/realtime/v1/runs?tags=other-%d", EVENTS_BEFORE_LIVE));
    rest();
    Load.Received among = heard(writer, load);
    others.closeAll();
    rest();
    median.add(millis(alone.p50()), millis(bare.getLong("p50")));
    p99.add(millis(alone.p99()), millis(bare.getLong("p99")));
    crowded.add(millis(among.p50()), millis(alone.p50()));
  }

  private static JsonObject bare(Ground ground, RowWriter writer) {
    ground.service().halt();
    try (BareLoop loop = BareLoop.start(ground)) {
      writer.run(PACE);
      return loop.read();
    } finally {
      ground.service().goOn();
      rest();
    }
  }

  private static Load.Received heard(RowWriter writer, Load load) {
    load.reset();
    writer.run(PACE);
    LockSupport.parkNanos(REST.toNanos() / 10);
    return load.read();
  }

  private static Load.Subscribers subscribers(
      Service service, int count, String path, int eventsEach) {
    return new Load.Subscribers(service.port(), count, count, eventsEach, path, Tenant.SERVICE_KEY);
  }

  private void add(Report report, Cost cost) {
    report.add(
        new Figure(
            "commit to socket, 200 changes/s, median",
            "ms",
            median.ours(),
            new Figure.Baseline("bare pgjdbc loop", median.baseline(), median.ratio()),
            Figure.Target.atMost("< 1 ms more", median.difference(), 1),
            cost,
            "Limited by waking up one process after another: walsender, tail, event loop, client.",
            new JsonObject().put("overheadMillis", median.difference())));
    report.add(
        new Figure(
            "commit to socket, 200 changes/s, p99",
            "ms",
            p99.ours(),
            new Figure.Baseline("bare pgjdbc loop", p99.baseline(), p99.ratio()),
            Figure.Target.atMost("< 10 ms", p99.ours(), 10),
            Cost.NONE,
            "Limited by how soon the kernel lets a woken process run on cores that others use.",
            new JsonObject().put("overheadMillis", p99.difference())));
    report.add(
        new Figure(
            "the same among 10,000 other subscriptions, median",
            "ms",
            crowded.ours(),
            new Figure.Baseline("without them", crowded.baseline(), crowded.ratio()),
            Figure.Target.atMost("<= 0.5 ms more", crowded.difference(), 0.5),
            Cost.NONE,
            "Limited as above: a change is looked up by its keys and never meets the others.",
            new JsonObject().put("moreMillis", crowded.difference())));
  }

  private static double millis(long micros) {
    return micros / 1e3;
  }

  private static void rest() {
    LockSupport.parkNanos(REST.toNanos());
  }
}
