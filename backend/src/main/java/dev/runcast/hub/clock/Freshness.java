package dev.runcast.hub.clock;

import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Whether the log is heard, and what is told of that. Owned by the hub's event loop. */
public final class Freshness {
  private final Duration staleAfter;
  private final InstantSource clock;

  /** Of this hub alone: a frame's bytes are made on the event loop that it belongs to. */
  private final SharedFrame live = new SharedFrame(new Frame.Live());

  /** What tells that the log has been silent for too long; null while it is not. */
  private @Nullable SharedFrame silence;

  private Instant heardAt;

  public Freshness(Duration staleAfter, InstantSource clock) {
    this.staleAfter = staleAfter;
    this.clock = clock;
    this.heardAt = clock.instant();
  }

  /**
   * A horizon has come.
   *
   * @return whether the log had been silent
   */
  public boolean hears() {
    heardAt = clock.instant();
    boolean wasSilent = isStale();
    silence = null;
    return wasSilent;
  }

  /** Whether the log counts as silent from now on, and did not before. */
  public boolean fallsSilent() {
    if (isStale() || !heardAt.plus(staleAfter).isBefore(clock.instant())) {
      return false;
    }
    silence = new SharedFrame(new Frame.Stale(heardAt));
    return true;
  }

  public boolean isStale() {
    return silence != null;
  }

  /** That the log is heard, or since when it is not. */
  public SharedFrame frame() {
    return silence == null ? live : silence;
  }
}
