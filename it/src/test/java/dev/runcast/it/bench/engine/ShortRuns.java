package dev.runcast.it.bench.engine;

import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.engine.DevClient.Given;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Two hundred runs a second through trigger, dequeue, start and complete, with a worker that does
 * nothing between the last two. They are sustained if all are done a second after the last trigger.
 */
public final class ShortRuns implements Section {
  private static final int PER_SECOND = 200;
  private static final Duration WARM_UP = Duration.ofSeconds(6);
  private static final Duration LENGTH = Duration.ofSeconds(15);
  private static final int TRIGGERS = 8;
  private static final int HANDS = 16;
  private static final long IDLE_NANOS = 5_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    DevClient client = new DevClient(service);
    client.register("bench_short");
    new Stretch(client).run(WARM_UP);
    Usage before = service.usage();
    Usage postgresBefore = Usage.ofTree(ground.database().postmasterPid());
    Stretch stretch = new Stretch(client);
    double seconds = stretch.run(LENGTH);
    double done = stretch.whole.count() / seconds;
    report.add(
        new Figure(
            "short runs through dequeue, start and complete, of 200 triggered",
            "runs/s",
            done,
            null,
            Figure.Target.atLeast(
                ">= 200", done, PER_SECOND * LENGTH.toSeconds() / (LENGTH.toSeconds() + 1.0)),
            Cost.of("service", service.usage().since(before))
                .and(
                    "postgres",
                    Usage.ofTree(ground.database().postmasterPid()).since(postgresBefore)),
            "Limited by the processor: the service, Postgres and the worker share its cores.",
            new JsonObject().put("triggerToStored", stretch.whole.json())));
  }

  /** Some seconds of it. */
  private static final class Stretch {
    private final DevClient client;
    private final Times whole = new Times();
    private final Map<String, Long> triggered = new ConcurrentHashMap<>();
    private final Queue<Given> given = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();

    Stretch(DevClient client) {
      this.client = client;
    }

    /** How many seconds it took until all were done. */
    double run(Duration length) {
      ExecutorService triggers = Executors.newFixedThreadPool(TRIGGERS);
      ExecutorService hands = Executors.newFixedThreadPool(HANDS + 1);
      hands.execute(this::ask);
      for (int i = 0; i < HANDS; i++) {
        hands.execute(this::work);
      }
      long began = System.nanoTime();
      int[] sent = {0};
      new Pace(PER_SECOND, length)
          .run(
              due -> {
                sent[0] += due;
                for (int i = 0; i < due; i++) {
                  triggers.execute(this::trigger);
                }
              });
      long latest = System.nanoTime() + PATIENCE.toNanos();
      while (whole.count() < sent[0] && System.nanoTime() < latest) {
        LockSupport.parkNanos(IDLE_NANOS);
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      over.set(true);
      // Whoever is at a call finishes it.
      triggers.shutdown();
      hands.shutdown();
      return seconds;
    }

    private void trigger() {
      long began = System.nanoTime();
      triggered.put(client.trigger("bench_short"), began);
    }

    private void ask() {
      while (!over.get()) {
        var some = client.dequeue();
        given.addAll(some);
        if (some.isEmpty()) {
          LockSupport.parkNanos(IDLE_NANOS);
        }
      }
    }

    private void work() {
      while (!over.get()) {
        Given one = given.poll();
        if (one == null) {
          LockSupport.parkNanos(IDLE_NANOS / 5);
        } else {
          client.complete(client.start(one));
          whole.since(began(one.run()));
        }
      }
    }

    /** It may be handed out before its trigger's answer is read. */
    private long began(String run) {
      Long known = triggered.remove(run);
      while (known == null && !over.get()) {
        LockSupport.parkNanos(100_000);
        known = triggered.remove(run);
      }
      return known == null ? System.nanoTime() : known;
    }
  }
}
