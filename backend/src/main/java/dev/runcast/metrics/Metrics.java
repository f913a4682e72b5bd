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
import java.util.function.Supplier;

/** The facts that are counted, one method each. Safe from any thread. */
public final class Metrics implements AutoCloseable {
  private final MeterRegistry registry;
  private final Supplier<String> scrape;
  private final Counter changes;
  private final Counter deliveries;
  private final Timer routingLag;
  private final Counter oversized;
  private final AtomicLong subscriptions = new AtomicLong();
  private final AtomicLong lastHorizonMs = new AtomicLong();

  private Metrics(MeterRegistry registry, Supplier<String> scrape) {
    this.registry = registry;
    this.scrape = scrape;
    this.changes = counter("runcast.changes.routed", "Changes told to this node's hubs");
    this.deliveries = counter("runcast.deliveries", "Frames handed to subscribers");
    this.oversized =
        counter("runcast.transactions.oversized", "Transactions too large to fan out by row");
    this.routingLag =
        Timer.builder("runcast.routing.lag")
            .description("From a change's commit to its routing")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(registry);
    Gauge.builder("runcast.subscriptions", subscriptions, AtomicLong::get)
        .description("Subscriptions that are open")
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
   * A hub has routed a batch.
   *
   * @param routed changes in the batch
   * @param delivered frames that went to subscribers because of it
   * @param lag from the commit of its newest change to now
   */
  public void batchRouted(int routed, int delivered, Duration lag) {
    changes.increment(routed);
    deliveries.increment(delivered);
    routingLag.record(lag.isNegative() ? Duration.ZERO : lag);
  }

  /** A horizon has come back through the stream. */
  public void horizonPassed(Instant when) {
    lastHorizonMs.set(when.toEpochMilli());
  }

  /** The tail has met a transaction over the size cap. */
  public void transactionOversized() {
    oversized.increment();
  }

  /** A subscription was admitted. */
  public void subscriptionOpened() {
    subscriptions.incrementAndGet();
  }

  /**
   * A subscription is over.
   *
   * @param reason the close code's name
   */
  public void subscriptionClosed(String reason) {
    subscriptions.decrementAndGet();
    registry.counter("runcast.subscriptions.closed", "reason", reason).increment();
  }

  /**
   * A subscription has to be read again.
   *
   * @param cause one word of few: gap, slow, session, hole, oversized, ...
   */
  public void resynced(String cause) {
    registry.counter("runcast.resyncs", "cause", cause).increment();
  }

  /**
   * A request was answered.
   *
   * @param route the route's pattern, never the path itself
   * @param status HTTP status
   */
  public void requestAnswered(String route, int status, Duration took) {
    registry
        .timer("runcast.http.requests", "route", route, "status", Integer.toString(status))
        .record(took);
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
