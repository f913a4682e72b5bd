package dev.runcast.it.bench.load;

import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;

/** What has arrived since it was last reset. Confined to the load generator's thread. */
final class Tally {
  private static final long LONGEST_MICROS = 3_600_000_000L;

  private final Histogram latency = new Histogram(1, LONGEST_MICROS, 3);
  private long bytes;
  private long events;

  void bytes(int count) {
    bytes += count;
  }

  void event() {
    events++;
  }

  void delivery(long micros) {
    latency.recordValue(Math.min(Math.max(micros, 1), LONGEST_MICROS));
  }

  long events() {
    return events;
  }

  void reset() {
    latency.reset();
    bytes = 0;
    events = 0;
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("deliveries", latency.getTotalCount())
        .put("bytes", bytes)
        .put("events", events)
        .put("p50", latency.getValueAtPercentile(50))
        .put("p90", latency.getValueAtPercentile(90))
        .put("p99", latency.getValueAtPercentile(99))
        .put("max", latency.getMaxValue());
  }
}
