package dev.runcast.it.bench.fanout;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.nchan.Nchan;
import dev.runcast.it.bench.report.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Deliveries for each second of processor time that the server takes. */
public final class FanOut implements Section {
  private static final Duration ROUND = Duration.ofSeconds(2);
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final Duration SETTLE = Duration.ofMillis(1_500);

  private static final List<Plan> PLANS =
      List.of(
          new Plan(new Scenario(RowShape.SMALL, 1, 1_000, 100), 3, 1.0, 0),
          new Plan(new Scenario(RowShape.LARGE, 1, 1_000, 100), 3, 0.9, 0),
          new Plan(new Scenario(RowShape.SMALL, 1_000, 10, 4_000), 3, 1.2, 0),
          new Plan(new Scenario(RowShape.SMALL, 1_000, 10, 8_000), 1, 0, 100));

  /**
   * What is measured and what is aimed at.
   *
   * @param ratio to nchan at least; 0 for no aim
   * @param p99Millis from commit to receipt at most; 0 for no aim
   */
  record Plan(Scenario scenario, int rounds, double ratio, int p99Millis) {}

  @Override
  public void run(Ground ground, Report report) {
    List<Side> ours = ours(ground);
    Optional<Side> nchan = nchan(ground, report);
    List<Side> all = new ArrayList<>(ours);
    nchan.ifPresent(all::add);
    Scenario open = null;
    for (Plan plan : PLANS) {
      Scenario scenario = plan.scenario();
      if (open == null || !scenario.hasSameSubscribers(open)) {
        all.forEach(Side::close);
        all.forEach(side -> side.open(scenario));
        warmUp(all, scenario, open == null ? WARM_UP : SETTLE);
        open = scenario;
      }
      Measured measured = new Measured(plan, nchan.isPresent());
      for (int i = 0; i < plan.rounds(); i++) {
        all.forEach(side -> measured.add(side.name(), side.measure(scenario, ROUND)));
      }
      ours.forEach(side -> report.add(measured.figure(side.name())));
    }
    all.forEach(Side::close);
  }

  private static List<Side> ours(Ground ground) {
    // First: it would not start beside the other's environment, whose key it can't open.
    Service service = ground.service();
    HubFedFeeder fed = HubFedFeeder.start(ground);
    Side hub = new Side("hub", Load.start("load-hub", ground.children()), fed::usage, fed);
    Side whole =
        new Side(
            "end to end",
            Load.start("load-service", ground.children()),
            service::usage,
            new ServiceFeeder(service, ground.database()));
    return List.of(hub, whole);
  }

  private static Optional<Side> nchan(Ground ground, Report report) {
    Optional<Nchan> started =
        Nchan.find()
            .map(
                found ->
                    Nchan.start(found, ground.directory().resolve("nchan"), ground.children()));
    if (started.isEmpty()) {
      report.skip(Nchan.MISSING);
    }
    return started.map(
        nchan ->
            new Side(
                Measured.NCHAN,
                Load.start("load-nchan", ground.children()),
                nchan::usage,
                new NchanFeeder(nchan)));
  }

  /** All at once: what is being compiled need not be measured. */
  private static void warmUp(List<Side> sides, Scenario scenario, Duration length) {
    List<CompletableFuture<Sample>> running =
        sides.stream()
            .map(side -> CompletableFuture.supplyAsync(() -> side.measure(scenario, length)))
            .toList();
    running.forEach(CompletableFuture::join);
  }
}
