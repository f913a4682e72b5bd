package dev.runcast.hub;

import dev.runcast.run.RunId;

/**
 * The hub's one way out: asking for the table to be read again. Called on the hub's event loop; the
 * answer comes back there, later, through the subscription.
 */
public interface Resync {

  /** Reads the feed again from the subscription's last cursor; a reading under way is given up. */
  void again(Subscription subscription);

  /** Reads one run; answered by {@link Intake#readOne}. */
  void one(Subscription subscription, RunId run);
}
