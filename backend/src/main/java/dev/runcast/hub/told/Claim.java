package dev.runcast.hub.told;

import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.waiting.Withheld;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * What a client may claim to have been told that leaves now, to go on by another turn. Of use
 * between two turns of the event loop only: in the midst of a transaction it would claim the rest
 * of it.
 */
public final class Claim {
  private final Told told;
  private final Withheld withheld;
  private final @Nullable Cursor last;
  private final HeardLog heard;

  /**
   * @param last what the client would resume with now; null before anything was sent
   */
  public Claim(Told told, Withheld withheld, @Nullable Cursor last, HeardLog heard) {
    this.told = told;
    this.withheld = withheld;
    this.last = last;
    this.heard = heard;
  }

  /** What the client goes on from: it stays before what waits for the client or to be read. */
  public Bookmark bookmark() {
    if (last != null && !withheld.isOutboxEmpty()) {
      // What waits may be of the read itself: then its snapshot says more than was sent.
      return Bookmark.of(last, null, 0);
    }
    return told.bookmark(heard, withheld.oldest());
  }

  /** Whether something waits or may have been missed, so that it says less than was sent. */
  public boolean isWithheld() {
    return !withheld.isEmpty() || told.hasHole();
  }

  /** Whether there is news that waits for a run to be read. */
  public boolean isReading() {
    return !withheld.isAllRead();
  }

  /**
   * Where a run was read on its own, which may have shown more than the bookmark says: the horizon
   * that will have passed all of it; 0 where it was not, or all of that has passed.
   */
  public long readAheadUntil(RunId run) {
    return told.readAheadUntil(run);
  }
}
