package dev.runcast.it.bench.fanout;

import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.process.Usage;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A server that fans out, who feeds it, and the load generator that is subscribed to it: each side
 * has one of its own, as a process may not hold more than twenty thousand connections.
 */
final class Side {
  private static final long LATE_NANOS = 3_000_000_000L;
  private static final Duration POLL = Duration.ofMillis(20);

  private final String name;
  private final Load load;
  private final Supplier<Usage> server;
  private final Feeder feeder;

  /** Who makes changes. */
  interface Feeder {
    /** The subscribers that this side is to have, as the load generator is told. */
    Load.Subscribers subscribers(Scenario scenario);

    /** Whatever has to be there before anybody subscribes. */
    void prepare(Scenario scenario);

    /** Makes changes, to all feeds in turn; returns how many, when the last one is on its way. */
    long run(Pace pace, Scenario scenario);
  }

  Side(String name, Load load, Supplier<Usage> server, Feeder feeder) {
    this.name = name;
    this.load = load;
    this.server = server;
    this.feeder = feeder;
  }

  String name() {
    return name;
  }

  void open(Scenario scenario) {
    feeder.prepare(scenario);
    load.open(feeder.subscribers(scenario));
  }

  void close() {
    load.closeAll();
  }

  Sample measure(Scenario scenario, Duration length) {
    load.reset();
    Usage before = server.get();
    Usage loadBefore = load.usage();
    long changes = feeder.run(scenario.lasting(length), scenario);
    long expected = changes * scenario.subscribersEach();
    Load.Received received = load.read();
    long deadline = System.nanoTime() + LATE_NANOS;
    while (received.deliveries() < expected && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(POLL.toNanos());
      received = load.read();
    }
    return new Sample(
        expected, received, server.get().since(before), load.usage().since(loadBefore));
  }

  /** The path of a run's feed with the columns of this shape. */
  static String path(RowShape shape) {
    return "/realtime/v1/runs/run_f%d" + shape.query();
  }
}
