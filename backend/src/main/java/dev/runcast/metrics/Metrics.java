package dev.runcast.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The facts that are counted, one method each. Safe from any thread. */
public final class Metrics implements AutoCloseable {
  private final MeterRegistry registry;
  private final Supplier<String> scrape;
  private final Counter changes;
  private final Timer routingLag;
  private final Timer deliveryLag;
  private final Counter delivered;
  private final Counter oversized;
  private final Counter chunksStored;
  private final Counter chunksSent;
  private final Counter slow;
  private final Counter missed;
  private final Counter differed;
  private final AtomicLong lastHorizonMs = new AtomicLong();
  private final AtomicLong behind = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final LagHistogram lags = new LagHistogram();
  private volatile IntSupplier subscriptions = () -> 0;
  private volatile Supplier<OptionalLong> retained = OptionalLong::empty;

  /** What was counted since the node has begun. */
  record Totals(double changes, double deliveries, double dropped, double missed) {}

  /** How things are now. */
  record Standing(
      long connections,
      long subscriptions,
      long behind,
      OptionalLong retainedBytes,
      OptionalLong horizonAgeMs) {}

  private Metrics(MeterRegistry registry, Supplier<String> scrape) {
    this.registry = registry;
    this.scrape = scrape;
    this.changes = counter("runcast.changes.routed", "Changes told to this node's hubs");
    this.oversized =
        counter("runcast.transactions.oversized", "Transactions too large to fan out by row");
    this.chunksStored =
        counter("runcast.chunks.stored", "Chunks of streams that this node has stored");
    this.chunksSent = counter("runcast.chunks.sent", "Chunks of streams sent to readers");
    this.slow =
        counter("runcast.subscribers.slow", "How often what waited for a slow client was dropped");
    this.missed =
        counter("runcast.batches.missed", "How often a hub of this node missed some of the log");
    this.delivered = counter("runcast.frames.delivered", "Frames handed to subscribers");
    this.differed =
        counter(
            "runcast.tallies.differed",
            "How often a recount of a feed gave something else than its changes had led to");
    this.routingLag =
        lag(
            "runcast.routing.lag",
            "From the commit of a batch's newest change to its arrival at this node");
    this.deliveryLag =
        lag(
            "runcast.delivery.lag",
            "From the commit of a batch's newest change until all its subscribers of one event loop"
                + " were handed it");
    Gauge.builder("runcast.subscribers.behind", behind, AtomicLong::doubleValue)
        .description("Subscribers that have not taken all that waits for them")
        .register(registry);
    Gauge.builder("runcast.connections", connections, AtomicLong::doubleValue)
        .description("Connections that feeds are sent on; one socket of many feeds counts once")
        .register(registry);
    Gauge.builder("runcast.horizon.age", this, Metrics::horizonAgeS)
        .description("Time since the leader last proved that it lives; NaN before the first proof")
        .baseUnit("seconds")
        .register(registry);
  }

  /** Metrics that can be scraped, the JVM's own among them. */
  public static Metrics prometheus() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    return new Metrics(registry, registry::scrape);
  }

  /** Metrics that nobody reads: nothing is kept. */
  public static Metrics none() {
    return new Metrics(new CompositeMeterRegistry(), () -> "");
  }

  /** All of it as Prometheus reads it (text format 0.0.4). */
  public String scrape() {
    return scrape.get();
  }

  /**
   * Changes have come over the bus, to be routed by each hub of this node.
   *
   * @param lag from the commit of the newest to now
   */
  public void changesRouted(int count, Duration lag) {
    changes.increment(count);
    routingLag.record(lag.isNegative() ? Duration.ZERO : lag);
  }

  /**
   * An event loop has handed a batch to all its subscribers whom it concerns.
   *
   * @param lag from the commit of its newest change to now
   */
  public void batchDelivered(Duration lag) {
    Duration known = lag.isNegative() ? Duration.ZERO : lag;
    deliveryLag.record(known);
    lags.record(known);
  }

  /** Frames were handed to subscribers. */
  public void framesDelivered(long count) {
    delivered.increment((double) count);
  }

  /**
   * Subscribers have fallen behind, or caught up.
   *
   * @param more fewer if negative
   */
  public void subscribersBehind(long more) {
    behind.addAndGet(more);
  }

  /**
   * Connections that feeds are sent on have come, or gone.
   *
   * @param more fewer if negative
   */
  public void connectionsOpen(long more) {
    connections.addAndGet(more);
  }

  /** Chunks of streams were stored by this node. */
  public void chunksStored(long count) {
    chunksStored.increment((double) count);
  }

  /** Chunks of a stream were sent to one reader. */
  public void chunksSent(long count) {
    chunksSent.increment((double) count);
  }

  /** A horizon has come back through the stream. */
  public void horizonPassed(Instant when) {
    lastHorizonMs.set(when.toEpochMilli());
  }

  /** The tail has met a transaction over the size cap. */
  public void transactionOversized() {
    oversized.increment();
  }

  /** Clients were so slow that what waited for them was dropped: they will be read for again. */
  public void subscribersSlow(long times) {
    slow.increment((double) times);
  }

  /** A hub did not hear some of the log: all its feeds are read again. */
  public void batchesMissed(long times) {
    missed.increment((double) times);
  }

  /** A recount of a feed gave something else than its changes had led to. */
  public void talliesDiffered(long times) {
    differed.increment((double) times);
  }

  /**
   * Tells how many subscriptions are open, whenever it is asked.
   *
   * @param count called on the thread that scrapes; must not block
   */
  public void watchSubscriptions(IntSupplier count) {
    subscriptions = count;
    Gauge.builder("runcast.subscriptions", count::getAsInt)
        .description("Subscriptions that are open on this node")
        .register(registry);
  }

  /**
   * Tells whether this node leads, and what Postgres keeps for the slot, whenever it is asked.
   *
   * @param retainedBytes empty where another node leads; called on the thread that scrapes; must
   *     not block
   */
  public void watchTail(Supplier<OptionalLong> retainedBytes) {
    retained = retainedBytes;
    Gauge.builder("runcast.tail.leader", () -> retainedBytes.get().isPresent() ? 1 : 0)
        .description("1 on the node that has the replication slot, 0 elsewhere")
        .register(registry);
    Gauge.builder("runcast.slot.retained", () -> bytes(retainedBytes.get()))
        .description(
            "Log that Postgres keeps for the replication slot; NaN where another node leads")
        .baseUnit("bytes")
        .register(registry);
  }

  private static double bytes(OptionalLong known) {
    return known.isPresent() ? known.getAsLong() : Double.NaN;
  }

  Totals totals() {
    return new Totals(changes.count(), delivered.count(), slow.count(), missed.count());
  }

  Standing standing() {
    long last = lastHorizonMs.get();
    return new Standing(
        connections.get(),
        subscriptions.getAsInt(),
        behind.get(),
        retained.get(),
        last == 0
            ? OptionalLong.empty()
            : OptionalLong.of(Math.max(0, System.currentTimeMillis() - last)));
  }

  /** The lags of delivery since the last call. */
  LagHistogram.Drained drainLags() {
    return lags.drain();
  }

  @Override
  public void close() {
    registry.close();
  }

  private double horizonAgeS() {
    long last = lastHorizonMs.get();
    return last == 0 ? Double.NaN : (System.currentTimeMillis() - last) / 1000.0;
  }

  private Timer lag(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofNanos(100_000))
        .maximumExpectedValue(Duration.ofSeconds(10))
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
