package dev.runcast.http.server;

import dev.runcast.hub.Hub;
import dev.runcast.metrics.Metrics;
import dev.runcast.run.ChangeBatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.IntSupplier;

/**
 * Feeds a hub and counts what comes of it: how late a batch had reached its subscribers, and once a
 * second, when the hub looks at the clock, what it has counted since. Confined to its event loop.
 */
final class HubPulse {
  private final Hub hub;
  private final IntSupplier connections;
  private final Metrics metrics;
  private final InstantSource clock;
  private long deliveredTold;
  private long slowTold;
  private long gapsTold;
  private long behindTold;
  private long differencesTold;
  private long connectionsTold;

  HubPulse(Hub hub, IntSupplier connections, Metrics metrics, InstantSource clock) {
    this.hub = hub;
    this.connections = connections;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Has the hub route a batch. One that reaches nobody has no lag. */
  void dispatch(ChangeBatch batch) {
    long before = hub.deliveredCount();
    hub.dispatch(batch);
    if (hub.deliveredCount() > before) {
      for (int i = batch.entries().size() - 1; i >= 0; i--) {
        if (batch.entries().get(i) instanceof ChangeBatch.Committed newest) {
          metrics.batchDelivered(Duration.between(newest.committedAt(), clock.instant()));
          return;
        }
      }
    }
  }

  void beat() {
    hub.tick();
    metrics.framesDelivered(hub.deliveredCount() - deliveredTold);
    metrics.subscribersSlow(hub.audience().stragglers().givenUp() - slowTold);
    metrics.batchesMissed(hub.heard().gapCount() - gapsTold);
    metrics.subscribersBehind(hub.audience().stragglers().size() - behindTold);
    deliveredTold = hub.deliveredCount();
    metrics.talliesDiffered(hub.tallies().differences() - differencesTold);
    differencesTold = hub.tallies().differences();
    slowTold = hub.audience().stragglers().givenUp();
    gapsTold = hub.heard().gapCount();
    behindTold = hub.audience().stragglers().size();
    int open = connections.getAsInt();
    metrics.connectionsOpen(open - connectionsTold);
    connectionsTold = open;
  }
}
