package dev.runcast.it.bench.engine;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** How long something took, again and again. For several threads. */
final class Times {
  private final List<Double> millis = new ArrayList<>();

  synchronized void add(double took) {
    millis.add(took);
  }

  void since(long beganNanos) {
    add((System.nanoTime() - beganNanos) / 1e6);
  }

  /** The value that so much of all are not above; from 0 to 1. */
  synchronized double quantile(double part) {
    List<Double> sorted = millis.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(part * sorted.size())));
  }

  double median() {
    return quantile(0.5);
  }

  double p99() {
    return quantile(0.99);
  }

  synchronized int count() {
    return millis.size();
  }

  JsonObject json() {
    return new JsonObject()
        .put("count", count())
        .put("p50", median())
        .put("p90", quantile(0.9))
        .put("p99", p99());
  }
}
