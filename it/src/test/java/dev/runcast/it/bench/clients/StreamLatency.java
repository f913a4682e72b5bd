package dev.runcast.it.bench.clients;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowShape;
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
 * How long after it was written a chunk of a stream is with a hundred readers, beside how long a
 * change of a run takes to a hundred subscribers, at the same rate.
 */
public final class StreamLatency implements Section {
  private static final int READERS = 100;
  private static final int ROUNDS = 3;
  private static final Pace PACE = new Pace(200, Duration.ofSeconds(3));
  private static final Duration REST = Duration.ofMillis(500);
  private static final double MEDIAN_AIM = 20;
  private static final double P99_AIM = 60;
  private static final String RUN = "run_s";

  private final Rounds median = new Rounds();
  private final Rounds p99 = new Rounds();
  private int streams;

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    ground.database().insertRuns(service.environment(), RUN, 1, RowShape.SMALL.metadata());
    Load load = Load.start("load-streams", ground.children());
    Usage before = service.usage();
    try (StampWriter writer = new StampWriter(ground.database(), service.environment(), RUN, 1)) {
      changes(service, load, writer);
      chunks(service, load);
      for (int i = 0; i < ROUNDS; i++) {
        Load.Received changed = changes(service, load, writer);
        Load.Received streamed = chunks(service, load);
        median.add(streamed.p50() / 1e3, changed.p50() / 1e3);
        p99.add(streamed.p99() / 1e3, changed.p99() / 1e3);
      }
    }
    Cost cost = Cost.of("service", service.usage().since(before)).and("load", load.usage());
    load.stop();
    report.add(
        figure(
            "chunk to 100 readers, 200 chunks/s, median",
            median,
            Figure.Target.atMost("<= 20 ms more", median.difference(), MEDIAN_AIM),
            cost));
    report.add(
        figure(
            "the same, p99",
            p99,
            Figure.Target.atMost("<= 60 ms more", p99.difference(), P99_AIM),
            Cost.NONE));
  }

  private static Load.Received changes(Service service, Load load, StampWriter writer) {
    load.open(readers(service, "/realtime/v1/runs/" + RUN + "0", 3, StampWriter.STAMP));
    load.reset();
    writer.run(PACE);
    return heard(load);
  }

  /** Each time to a stream of its own: readers are given what was written before them. */
  private Load.Received chunks(Service service, Load load) {
    String key = "bench-" + streams++;
    load.open(readers(service, "/realtime/v1/streams/" + RUN + "0/" + key, 0, ChunkWriter.STAMP));
    load.reset();
    try (ChunkWriter writer = new ChunkWriter(service, RUN + "0", key)) {
      writer.run(PACE);
    }
    return heard(load);
  }

  private static Load.Received heard(Load load) {
    LockSupport.parkNanos(REST.toNanos());
    Load.Received received = load.read();
    load.closeAll();
    long most = (long) READERS * Math.round(PACE.perSecond() * PACE.length().toSeconds());
    if (received.deliveries() < most / 2) {
      throw new IllegalStateException(received.deliveries() + " of " + most + " were heard");
    }
    return received;
  }

  private static Load.Subscribers readers(
      Service service, String path, int eventsEach, String stamp) {
    return new Load.Subscribers(
        service.port(), READERS, 1, eventsEach, path, Tenant.SERVICE_KEY, false, stamp);
  }

  private static Figure figure(String name, Rounds rounds, Figure.Target aim, Cost cost) {
    return new Figure(
        name,
        "ms",
        rounds.ours(),
        new Figure.Baseline("change of a run", rounds.baseline(), rounds.ratio()),
        aim,
        cost,
        "Limited by the time for which chunks are gathered before they are stored as one segment.",
        new JsonObject().put("moreMillis", rounds.difference()));
  }
}
