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
 * How long after it was written a change is with who follows its run by the long poll, beside who
 * follows it by SSE; and how long the least of all requests takes.
 */
public final class FollowLatency implements Section {
  private static final int RUNS = 20;
  private static final int ROUNDS = 3;
  private static final Pace PACE = new Pace(200, Duration.ofSeconds(3));
  private static final Pace WARM_UP = new Pace(500, Duration.ofSeconds(3));
  private static final Duration REST = Duration.ofMillis(300);
  private static final int BARE_MILLIS = 1_000;

  private final Rounds median = new Rounds();
  private final Rounds p99 = new Rounds();
  private final Rounds bare = new Rounds();

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    ground.database().insertRuns(service.environment(), "run_p", RUNS, RowShape.SMALL.metadata());
    Load load = Load.start("load-follow", ground.children());
    Usage before = service.usage();
    try (StampWriter writer =
        new StampWriter(ground.database(), service.environment(), "run_p", RUNS)) {
      heard(service, writer, load, true, WARM_UP);
      heard(service, writer, load, false, WARM_UP);
      for (int i = 0; i < ROUNDS; i++) {
        Load.Received sse = heard(service, writer, load, false, PACE);
        Load.Received poll = heard(service, writer, load, true, PACE);
        double request = load.post(service.port(), 1, BARE_MILLIS, leastRequest()).getLong("p50");
        median.add(poll.p50() / 1e3, sse.p50() / 1e3);
        p99.add(poll.p99() / 1e3, sse.p99() / 1e3);
        bare.add(request / 1e3, request / 1e3);
      }
    }
    Cost cost = Cost.of("service", service.usage().since(before));
    load.stop();
    add(report, cost);
  }

  /** Answered from what the service remembers: no SQL. */
  private static JsonObject leastRequest() {
    return new JsonObject()
        .put("path", "/api/v1/auth/jwt/claims")
        .put("token", Tenant.SERVICE_KEY)
        .put("body", "{}");
  }

  private static Load.Received heard(
      Service service, StampWriter writer, Load load, boolean polls, Pace pace) {
    load.open(
        new Load.Subscribers(
            service.port(),
            RUNS,
            RUNS,
            polls ? 1 : 3,
            "/realtime/v1/runs/run_p%d",
            Tenant.SERVICE_KEY,
            polls,
            StampWriter.STAMP));
    LockSupport.parkNanos(REST.toNanos());
    load.reset();
    writer.run(pace);
    LockSupport.parkNanos(REST.toNanos());
    Load.Received received = load.read();
    load.closeAll();
    if (received.deliveries() == 0) {
      throw new IllegalStateException("nothing was heard by " + (polls ? "long poll" : "SSE"));
    }
    return received;
  }

  private void add(Report report, Cost cost) {
    report.add(
        new Figure(
            "write to answer of a long poll, 200 changes/s, median",
            "ms",
            median.ours(),
            new Figure.Baseline("SSE", median.baseline(), median.ratio()),
            Figure.Target.atMost("a bare request more", median.difference(), bare.ours()),
            cost,
            "Limited as commit to socket is; the answer is written behind the turn of its loop.",
            new JsonObject()
                .put("moreMillis", median.difference())
                .put("bareRequestMillis", bare.ours())));
    report.add(
        new Figure(
            "the same, p99",
            "ms",
            p99.ours(),
            new Figure.Baseline("SSE", p99.baseline(), p99.ratio()),
            null,
            Cost.NONE,
            "A change that comes while the client is asking waits for the question.",
            new JsonObject().put("moreMillis", p99.difference())));
  }
}
