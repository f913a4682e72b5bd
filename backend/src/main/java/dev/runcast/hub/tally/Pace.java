package dev.runcast.hub.tally;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Spaces what is told often: at once if the last was long enough ago, else as soon as it is; never
 * not at all. Owned by the hub's event loop.
 */
final class Pace {
  private final Duration space;
  private final InstantSource clock;
  private final Recount recount;
  private Instant last = Instant.MIN;
  private boolean waits;

  Pace(Duration space, InstantSource clock, Recount recount) {
    this.space = space;
    this.clock = clock;
    this.recount = recount;
  }

  /** Has it told, now or soon; once, however often it is asked meanwhile. */
  void tell(Runnable telling) {
    if (waits) {
      return;
    }
    Duration since = Duration.between(last, clock.instant());
    if (since.compareTo(space) >= 0) {
      now(telling);
    } else {
      waits = true;
      recount.later(space.minus(since), () -> now(telling));
    }
  }

  private void now(Runnable telling) {
    waits = false;
    last = clock.instant();
    telling.run();
  }
}
