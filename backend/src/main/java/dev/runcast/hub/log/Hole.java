package dev.runcast.hub.log;

import dev.runcast.run.ChangeBatch;

/**
 * The bound below which something may have passed unheard, until a horizon has passed it: from then
 * on a new snapshot shows all of it. Owned by the hub's event loop.
 */
public final class Hole {
  private long bound;
  private long times;

  void open(long below) {
    bound = Math.max(bound, below);
    times++;
  }

  void pass(ChangeBatch.Horizon passed, long newest) {
    if (bound == HeardLog.UNKNOWN_HOLE) {
      bound = passed.next();
    }
    if (newest >= bound) {
      bound = 0;
    }
  }

  /** An xid; 0 when there is no hole, {@link HeardLog#UNKNOWN_HOLE} while it is not known. */
  public long bound() {
    return bound;
  }

  /** How often it was opened or widened. */
  public long times() {
    return times;
  }
}
