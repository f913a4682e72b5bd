package dev.runcast.http;

import dev.runcast.hub.Hub;
import dev.runcast.metrics.Metrics;

/**
 * What is done for a hub once a second: it looks at the clock, and what it has counted since is
 * added to the metrics. Confined to its event loop.
 */
final class HubPulse {
  private final Hub hub;
  private final Metrics metrics;
  private long slowTold;
  private long gapsTold;

  HubPulse(Hub hub, Metrics metrics) {
    this.hub = hub;
    this.metrics = metrics;
  }

  void beat() {
    hub.tick();
    metrics.subscribersSlow(hub.slowCount() - slowTold);
    metrics.batchesMissed(hub.gapCount() - gapsTold);
    slowTold = hub.slowCount();
    gapsTold = hub.gapCount();
  }
}
