package dev.runcast.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The last quarter of an hour of this node, in samples: for who looks at the service without
 * anything that scrapes its metrics. {@link #beat} is called by one thread, {@link #samples} by
 * any.
 */
public final class ServicePulse {
  /** How long a sample covers. */
  public static final Duration EVERY = Duration.ofSeconds(5);

  private static final int KEPT = 180;

  private final Metrics metrics;
  private Metrics.Totals before;
  private @Nullable Instant last;

  /** Never changed, only replaced. */
  private volatile List<ServiceSample> samples = List.of();

  public ServicePulse(Metrics metrics) {
    this.metrics = metrics;
    this.before = metrics.totals();
  }

  /** Ends an interval. */
  public void beat(Instant now) {
    Metrics.Totals totals = metrics.totals();
    Instant begun = last == null ? now.minus(EVERY) : last;
    List<ServiceSample> kept = new ArrayList<>(samples);
    if (kept.size() >= KEPT) {
      kept.remove(0);
    }
    kept.add(sample(now, totals, Math.max(0.001, Duration.between(begun, now).toMillis() / 1e3)));
    samples = List.copyOf(kept);
    before = totals;
    last = now;
  }

  /** The oldest first. */
  public List<ServiceSample> samples() {
    return samples;
  }

  private ServiceSample sample(Instant now, Metrics.Totals totals, double seconds) {
    LagHistogram.Drained lags = metrics.drainLags();
    Metrics.Standing standing = metrics.standing();
    return new ServiceSample(
        now,
        new ServiceSample.Flow(
            (totals.changes() - before.changes()) / seconds,
            (totals.deliveries() - before.deliveries()) / seconds),
        new ServiceSample.Lag(value(lags.quantile(0.5)), value(lags.quantile(0.99))),
        new ServiceSample.Audience(
            standing.connections(),
            standing.subscriptions(),
            standing.behind(),
            (long) (totals.dropped() - before.dropped()),
            (long) (totals.missed() - before.missed())),
        new ServiceSample.Log(value(standing.retainedBytes()), value(standing.horizonAgeMs())));
  }

  private static @Nullable Double value(OptionalDouble known) {
    return known.isPresent() ? known.getAsDouble() : null;
  }

  private static @Nullable Long value(OptionalLong known) {
    return known.isPresent() ? known.getAsLong() : null;
  }
}
