package dev.runcast.hub.log;

import dev.runcast.run.place.Visibility;

/**
 * Held while a read of the table is under way: the ring keeps what was unproven when it began, and
 * every hole that was open at any time since is remembered, for one that was closed meanwhile may
 * still be a hole to the read's older snapshot. Owned by the hub's event loop.
 */
public final class Pin {
  final long horizon;
  final long session;
  private long hole;

  Pin(long horizon, long session, long hole) {
    this.horizon = horizon;
    this.session = session;
    this.hole = hole;
  }

  void openHole(long bound) {
    hole = Math.max(hole, bound);
  }

  /** The hole that the read leaves open; 0 if its snapshot closes it. */
  public long holeFor(Visibility snapshot) {
    return hole == HeardLog.UNKNOWN_HOLE || snapshot.xmin() < hole ? hole : 0;
  }
}
