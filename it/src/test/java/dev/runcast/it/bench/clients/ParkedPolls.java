package dev.runcast.it.bench.clients;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Five thousand long polls that are held and hear nothing: what each costs in memory, beside a
 * subscriber by SSE, and whether Postgres or a timer knows of any of them.
 */
public final class ParkedPolls implements Section {
  private static final int POLLS = 5_000;
  private static final int FIRST = 1_000;
  private static final int FEEDS = 1_000;
  private static final Duration REST = Duration.ofMillis(1_500);

  /** After which Postgres's sessions have counted what they did, also those that then fell idle. */
  private static final Duration COUNTED = Duration.ofSeconds(11);

  /** Longer than a poll is held: each is answered, and comes back, within it. */
  private static final Duration WINDOW = Duration.ofSeconds(24);

  private static final Duration WINDOW_WITHOUT = Duration.ofSeconds(10);

  private static final String TIMER = "io.netty.util.concurrent.ScheduledFutureTask";
  private static final double NOT_EACH = 100;

  /** What is told of a service in a stretch of time in which nothing changes. */
  private record Quiet(double transactions, long timers, double cpu) {}

  @Override
  public void run(Ground ground, Report report) {
    ground.stopService();
    double sse = sse(ground);
    Service service = start(ground, "poll-service");
    Load load = Load.start("load-polls", ground.children());
    long none = warm(service, load, true);
    Quiet without = watch(ground, service, WINDOW_WITHOUT);
    load.open(subscribers(service, POLLS, true));
    double poll = (double) (resident(service) - none) / POLLS;
    Quiet with = watch(ground, service, WINDOW);
    Usage usage = service.usage();
    load.stop();
    service.stop();
    report.add(memory(poll, sse, Cost.of("service with them", usage)));
    report.add(transactions(with, without));
    report.add(timers(with, without));
  }

  /** On a service of its own: what was freed before would be filled first. */
  private static double sse(Ground ground) {
    Service service = start(ground, "sse-service");
    Load load = Load.start("load-sse", ground.children());
    long none = warm(service, load, false);
    load.open(subscribers(service, POLLS, false));
    double each = (double) (resident(service) - none) / POLLS;
    load.stop();
    service.stop();
    return each;
  }

  private static Service start(Ground ground, String name) {
    Service service = Service.start(ground, name, List.of("-Xmx256m"));
    ground.database().insertRuns(service.environment(), "run_f", FEEDS, RowShape.SMALL.metadata());
    return service;
  }

  /** Has some come and go; the resident bytes without any. */
  private static long warm(Service service, Load load, boolean polls) {
    load.open(subscribers(service, FIRST, polls));
    load.closeAll();
    return resident(service);
  }

  private static Load.Subscribers subscribers(Service service, int count, boolean polls) {
    return new Load.Subscribers(
        service.port(),
        count,
        FEEDS,
        polls ? 1 : 3,
        "/realtime/v1/runs/run_f%d",
        Tenant.SERVICE_KEY,
        polls,
        "\"committedAt\":\"");
  }

  private static long resident(Service service) {
    rest();
    service.collectGarbage();
    return service.usage().residentBytes();
  }

  private static Quiet watch(Ground ground, Service service, Duration window) {
    LockSupport.parkNanos(COUNTED.toNanos());
    Usage before = service.usage();
    long transactions = transactions(ground);
    LockSupport.parkNanos(window.toNanos());
    double perSecond = (double) (transactions(ground) - transactions) / window.toSeconds();
    double cpu = service.usage().since(before).cpuSeconds() / window.toSeconds();
    return new Quiet(perSecond, service.liveObjects(TIMER), cpu);
  }

  private static long transactions(Ground ground) {
    return Long.parseLong(
        ground
            .database()
            .run(
                "select xact_commit + xact_rollback from pg_stat_database"
                    + " where datname = current_database()"));
  }

  private static Figure memory(double poll, double sse, Cost cost) {
    return new Figure(
        "memory of each of 5,000 parked long polls",
        "KB",
        poll / 1024,
        new Figure.Baseline("idle SSE subscriber", sse / 1024, poll / sse),
        null,
        cost,
        "Limited by the objects that Netty and Vert.x keep for a request that is not answered.",
        new JsonObject());
  }

  private static Figure transactions(Quiet with, Quiet without) {
    double more = with.transactions - without.transactions;
    return new Figure(
        "transactions of Postgres with 5,000 parked long polls",
        "1/s",
        with.transactions,
        new Figure.Baseline(
            "without them", without.transactions, with.transactions / without.transactions),
        Figure.Target.atMost("no query for each", more * WINDOW.toSeconds(), NOT_EACH),
        Cost.NONE,
        "What there is are the horizons of the leader, and autovacuum: no subscriber asks anything.",
        new JsonObject()
            .put("cpuPerSecondWith", with.cpu)
            .put("cpuPerSecondWithout", without.cpu)
            .put("windowSeconds", WINDOW.toSeconds()));
  }

  private static Figure timers(Quiet with, Quiet without) {
    return new Figure(
        "timers of the service with 5,000 parked long polls",
        "timers",
        (double) with.timers,
        new Figure.Baseline(
            "without them",
            (double) without.timers,
            (double) with.timers / Math.max(1, without.timers)),
        Figure.Target.atMost(
            "no timer for each", (double) (with.timers - without.timers), NOT_EACH),
        Cost.NONE,
        "Counted in the heap, as tasks that the event loops have scheduled.",
        new JsonObject());
  }

  private static void rest() {
    LockSupport.parkNanos(REST.toNanos());
  }
}
