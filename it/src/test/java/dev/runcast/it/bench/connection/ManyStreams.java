package dev.runcast.it.bench.connection;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.clients.ChunkWriter;
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
 * Ten thousand chunks a second over five hundred streams, each with one writer and one who follows
 * the run and its stream: how late they are, what they cost beside the least that storing them can,
 * and how many more there may be before they are late.
 */
public final class ManyStreams implements Section {
  private static final int STREAMS = 500;
  private static final int AIM_PER_SECOND = 10_000;
  private static final double P99_AIM = 150;
  private static final int ROUNDS = 3;
  private static final Duration LENGTH = Duration.ofSeconds(6);
  private static final Duration BARE = Duration.ofMillis(2_500);
  private static final Duration STEP = Duration.ofSeconds(4);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final int[] STEPS = {12_500, 15_000, 20_000, 25_000, 30_000, 40_000};
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  /** From having been halted. */
  private static final Duration RECOVERY = Duration.ofSeconds(2);

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final String RUN = "run_c";
  private static final String KEY = "bench";

  private final Rounds cost = new Rounds();
  private final List<Step> atAim = new ArrayList<>();
  private final List<Step> beyond = new ArrayList<>();

  /**
   * One measurement.
   *
   * @param heard how many of the chunks were with their readers when the writers had ended, or very
   *     soon
   */
  record Step(int perSecond, long written, long heard, Load.Received received) {
    /** Whether chunks do not pile up, and are in time. */
    boolean holds() {
      return heard >= 0.97 * written && received.p99() / 1e3 < P99_AIM;
    }

    JsonObject toJson() {
      return received
          .toJson()
          .put("perSecond", perSecond)
          .put("written", written)
          .put("heardInTime", heard)
          .put("holds", holds());
    }
  }

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    ground.database().insertRuns(service.environment(), RUN, STREAMS, RowShape.SMALL.metadata());
    Load load = Load.start("load-chunks", ground.children());
    Usage processes;
    try (Writers writers = new Writers(service);
        BareInsert bare = new BareInsert(ground.database())) {
      load.open(readers(service));
      measure(load, writers, AIM_PER_SECOND / 2, WARM_UP);
      bare.perCpuSecond(new Pace(AIM_PER_SECOND, BARE));
      Usage before = service.usage();
      for (int i = 0; i < ROUNDS; i++) {
        double ours = ours(ground, service, load, writers);
        // The service would read of the bare rows in the log, too.
        service.halt();
        double theirs = bare.perCpuSecond(new Pace(AIM_PER_SECOND, BARE));
        service.goOn();
        LockSupport.parkNanos(RECOVERY.toNanos());
        cost.add(ours, theirs);
      }
      processes = service.usage().since(before);
      findKnee(load, writers);
    }
    Cost used = Cost.of("service", processes).and("load", load.usage());
    load.stop();
    add(report, used);
  }

  private static Load.Subscribers readers(Service service) {
    return new Load.Subscribers(
        service.port(),
        STREAMS,
        STREAMS,
        2,
        "/realtime/v1/runs/" + RUN + "%d?streams=" + KEY,
        Tenant.SERVICE_KEY,
        false,
        ChunkWriter.STAMP);
  }

  /** Chunks for each second of the service's and Postgres's processor time. */
  private double ours(Ground ground, Service service, Load load, Writers writers) {
    Usage postgres = Usage.ofTree(ground.database().postmasterPid());
    Usage before = service.usage();
    Step step = measure(load, writers, AIM_PER_SECOND, LENGTH);
    atAim.add(step);
    double seconds =
        service.usage().since(before).cpuSeconds()
            + Usage.ofTree(ground.database().postmasterPid()).since(postgres).cpuSeconds();
    return step.written / Math.max(0.01, seconds);
  }

  private void findKnee(Load load, Writers writers) {
    for (int perSecond : STEPS) {
      Step step = measure(load, writers, perSecond, STEP);
      beyond.add(step);
      if (!step.holds()) {
        return;
      }
    }
  }

  private static Step measure(Load load, Writers writers, int perSecond, Duration length) {
    load.reset();
    long written = writers.run(new Pace(perSecond, length));
    LockSupport.parkNanos(LOOK.toNanos());
    long soon = load.read().deliveries();
    return new Step(perSecond, written, soon, awaitAll(load, written));
  }

  /** What was measured is over when all was heard, or will not be for long. */
  private static Load.Received awaitAll(Load load, long written) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Load.Received received = load.read();
    while (received.deliveries() < written && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK.toNanos());
      received = load.read();
    }
    return received;
  }

  private void add(Report report, Cost used) {
    double p99 = Rounds.median(atAim.stream().map(step -> step.received.p99() / 1e3).toList());
    double p50 = Rounds.median(atAim.stream().map(step -> step.received.p50() / 1e3).toList());
    boolean sustained = atAim.stream().allMatch(step -> step.heard >= 0.97 * step.written);
    JsonObject samples =
        new JsonObject().put("samples", new JsonArray(atAim.stream().map(Step::toJson).toList()));
    report.add(
        new Figure(
            "chunk to its reader, 500 streams, 10,000 chunks/s, p99",
            "ms",
            p99,
            new Figure.Baseline("its median", p50, p99 / p50),
            new Figure.Target("< 150 ms, sustained", p99 < P99_AIM && sustained),
            used,
            "Limited by the processor, and by the time for which chunks are gathered into segments.",
            samples));
    report.add(
        new Figure(
            "chunks for each CPU-second of the service and Postgres",
            "chunks/CPU-s",
            cost.ours(),
            new Figure.Baseline("bare multi-row insert", cost.baseline(), cost.ratio()),
            null,
            Cost.NONE,
            "The bare insert parses, routes and sends nothing, and its rows have one index.",
            new JsonObject().put("ratios", new JsonArray(cost.ratios()))));
    report.add(knee());
  }

  private Figure knee() {
    int most =
        beyond.stream()
            .filter(Step::holds)
            .mapToInt(Step::perSecond)
            .max()
            .orElse(atAim.stream().allMatch(Step::holds) ? AIM_PER_SECOND : 0);
    return new Figure(
        "chunks a second at which p99 is still below 150 ms",
        "chunks/s",
        most,
        new Figure.Baseline("aim", AIM_PER_SECOND, (double) most / AIM_PER_SECOND),
        Figure.Target.atLeast(">= 10,000/s", most, AIM_PER_SECOND),
        Cost.NONE,
        "Looked for in steps of some seconds; the writers and the readers share the cores.",
        new JsonObject().put("steps", new JsonArray(beyond.stream().map(Step::toJson).toList())));
  }

  /** A writer of each stream, whose request stays open; they write in turn. */
  private static final class Writers implements AutoCloseable {
    private final List<ChunkWriter> all = new ArrayList<>();
    private int next;

    Writers(Service service) {
      for (int i = 0; i < STREAMS; i++) {
        all.add(new ChunkWriter(service, RUN + i, KEY));
      }
    }

    long run(Pace pace) {
      long[] written = new long[1];
      pace.run(
          due -> {
            for (int i = 0; i < due; i++) {
              all.get(next++ % STREAMS).writeOne();
            }
            written[0] += due;
          });
      return written[0];
    }

    @Override
    public void close() {
      all.forEach(ChunkWriter::close);
    }
  }
}
