package dev.runcast.it.bench.memory;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.nchan.Nchan;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory for each idle subscriber, and of the service before it has any. A thousand come and go
 * first, so that what is only ever loaded and compiled once is not counted as theirs.
 */
public final class IdleMemory implements Section {
  private static final int SUBSCRIBERS = 10_000;
  private static final int FIRST = 1_000;
  private static final int FEEDS = 1_000;
  private static final Duration REST = Duration.ofMillis(1_500);
  private static final double MIB = 1 << 20;
  private static final double BASE_AIM = 80;
  private static final double RATIO_AIM = 0.5;

  /** Resident bytes without and with the subscribers. */
  private record Sizes(long base, long warm, long full, long untidied, Usage usage) {
    double each() {
      return (double) (full - warm) / SUBSCRIBERS;
    }

    JsonObject toJson() {
      return new JsonObject()
          .put("base", base)
          .put("withoutSubscribers", warm)
          .put("withSubscribers", full)
          .put("withSubscribersBeforeCollection", untidied);
    }
  }

  @Override
  public void run(Ground ground, Report report) {
    Sizes ours = ours(ground);
    Optional<Sizes> theirs =
        Nchan.find()
            .map(found -> Nchan.start(found, ground.directory().resolve("idle"), ground.children()))
            .map(nchan -> theirs(ground, nchan));
    if (theirs.isEmpty()) {
      report.skip(Nchan.MISSING);
    }
    report.add(base(ours, theirs));
    report.add(each(ours, theirs));
  }

  private static Sizes ours(Ground ground) {
    ground.stopService();
    Service service = Service.start(ground, "idle-service", List.of("-Xmx256m"));
    rest();
    long base = service.usage().residentBytes();
    ground.database().insertRuns(service.environment(), "run_f", FEEDS, RowShape.SMALL.metadata());
    Load load = Load.start("load-idle", ground.children());
    load.open(subscribers(service, FIRST));
    load.closeAll();
    rest();
    service.collectGarbage();
    long warm = service.usage().residentBytes();
    load.open(subscribers(service, SUBSCRIBERS));
    rest();
    long untidied = service.usage().residentBytes();
    service.collectGarbage();
    Usage full = service.usage();
    load.stop();
    service.stop();
    return new Sizes(base, warm, full.residentBytes(), untidied, full);
  }

  private static Load.Subscribers subscribers(Service service, int count) {
    return new Load.Subscribers(
        service.port(), count, FEEDS, 3, "/realtime/v1/runs/run_f%d", Tenant.SERVICE_KEY);
  }

  private static Sizes theirs(Ground ground, Nchan nchan) {
    long base = nchan.usage().residentBytes();
    Load load = Load.start("load-idle-nchan", ground.children());
    load.open(new Load.Subscribers(nchan.port(), FIRST, FEEDS, 0, "/sub/f%d", ""));
    load.closeAll();
    rest();
    long warm = nchan.usage().residentBytes();
    load.open(new Load.Subscribers(nchan.port(), SUBSCRIBERS, FEEDS, 0, "/sub/f%d", ""));
    rest();
    Usage full = nchan.usage();
    load.stop();
    return new Sizes(base, warm, full.residentBytes(), full.residentBytes(), full);
  }

  private static Figure base(Sizes ours, Optional<Sizes> theirs) {
    double mib = ours.base / MIB;
    return new Figure(
        "memory of the service before any load",
        "MB",
        mib,
        theirs
            .map(
                nchan ->
                    new Figure.Baseline("nchan", nchan.base / MIB, (double) ours.base / nchan.base))
            .orElse(null),
        Figure.Target.atMost("< 80 MB", mib, BASE_AIM),
        Cost.NONE,
        "Limited by the JVM: its own code, the classes that were loaded and the compiled code.",
        ours.toJson());
  }

  private static Figure each(Sizes ours, Optional<Sizes> theirs) {
    JsonObject more = new JsonObject().put("service", ours.toJson());
    theirs.ifPresent(nchan -> more.put("nchan", nchan.toJson()));
    return new Figure(
        "memory of each of 10,000 idle subscribers",
        "KB",
        ours.each() / 1024,
        theirs
            .map(
                nchan ->
                    new Figure.Baseline("nchan", nchan.each() / 1024, ours.each() / nchan.each()))
            .orElse(null),
        theirs
            .map(nchan -> Figure.Target.atMost("<= 0.5", ours.each() / nchan.each(), RATIO_AIM))
            .orElse(null),
        Cost.of("service with them", ours.usage),
        "Limited by the objects that Netty and Vert.x keep for each connection.",
        more);
  }

  private static void rest() {
    LockSupport.parkNanos(REST.toNanos());
  }
}
