package dev.runcast.subscribe;

import dev.runcast.hub.Hub;
import dev.runcast.hub.log.Arrivals;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Has those wait, for a while, who want to read what they have written, until the hub has heard it.
 * Owned by the hub's event loop.
 */
public final class Arriving {
  private final Hub hub;
  private final Duration patience;
  private final BiConsumer<Duration, Runnable> later;

  /**
   * @param later runs something on this event loop after that long
   */
  public Arriving(Hub hub, Duration patience, BiConsumer<Duration, Runnable> later) {
    this.hub = hub;
    this.patience = patience;
    this.later = later;
  }

  /** How long one waits at the most. */
  public Duration patience() {
    return patience;
  }

  /** How far the hub has heard: all transactions below this. */
  public long heardBelow() {
    return hub.heard().horizon();
  }

  /** Whether the hub has heard nothing for so long that it may be cut off. */
  public boolean isSilent() {
    return hub.isStale();
  }

  /**
   * Waits for a transaction.
   *
   * @return whether it was heard in time
   */
  public Future<Boolean> await(long xid) {
    Arrivals arrivals = hub.heard().arrivals();
    if (arrivals.hasHeard(xid)) {
      return Future.succeededFuture(true);
    }
    Promise<Boolean> heard = Promise.promise();
    Runnable callback = () -> heard.tryComplete(true);
    arrivals.await(xid, callback);
    later.accept(
        patience,
        () -> {
          arrivals.giveUp(xid, callback);
          heard.tryComplete(false);
        });
    return heard.future();
  }
}
