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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The facts that are counted, one method each. Safe from any thread. */
public final class Metrics implements AutoCloseable {
  private final MeterRegistry registry;
  private final Supplier<String> scrape;
  private final Counter changes;
  private final Timer routingLag;
  private final Counter oversized;
  private final Counter chunksStored;
  private final Counter chunksSent;
  private final Counter slow;
  private final Counter missed;
  private final AtomicLong lastHorizonMs = new AtomicLong();

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
    this.routingLag =
        Timer.builder("runcast.routing.lag")
            .description("From the commit of a batch's newest change to its arrival at this node")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(10))
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

  /**
   * Tells how many subscriptions are open, whenever it is asked.
   *
   * @param count called on the thread that scrapes; must not block
   */
  public void watchSubscriptions(IntSupplier count) {
    Gauge.builder("runcast.subscriptions", count::getAsInt)
        .description("Subscriptions that are open on this node")
        .register(registry);
  }

  @Override
  public void close() {
    registry.close();
  }

  private double horizonAgeS() {
    long last = lastHorizonMs.get();
    return last == 0 ? Double.NaN : (System.currentTimeMillis() - last) / 1000.0;
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
