package dev.runcast.hub;

import static java.util.Objects.requireNonNull;

import dev.runcast.hub.log.HeardLog;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.SegmentAppended;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one client has been told, and so which cursor may be claimed for it: by the cursor it
 * resumed from, by reads, and by the places in the stream sent since. Owned by the hub's event
 * loop.
 */
final class Told {
  private static final Position NOWHERE = new Position(Lsn.ZERO, 0);

  /** What reads have shown and no horizon has proven yet; null once everything is proven. */
  private @Nullable Shown shown;

  /** Changes up to here were sent before this connection. */
  private @Nullable Position resumedAfter;

  /** The greatest place sent. */
  private Position reached = NOWHERE;

  /** A horizon that may be claimed: of the last read, the cursor resumed from, or one since. */
  private long base;

  /** The hole that the last read may have missed something in; 0 for none. */
  private long hole;

  /** The table is to be read again: until then nothing is known. */
  void forget() {
    shown = null;
    resumedAfter = null;
    reached = NOWHERE;
    hole = 0;
  }

  /** The client resumes: it was told everything up to and with the cursor's place. */
  Position resume(Cursor cursor) {
    Position position = cursor.position();
    if (position == null) {
      throw new IllegalArgumentException("only a cursor with a position can be resumed from");
    }
    resumedAfter = position;
    reached = position;
    base = cursor.horizon();
    return position;
  }

  /** The same from a bookmark, which may rest on a snapshot. */
  Position resume(Bookmark bookmark) {
    Visibility kept = bookmark.shown();
    shown = kept == null ? null : new Shown(kept);
    return resume(bookmark.cursor());
  }

  /**
   * The client was given what a read of its feed shows.
   *
   * @param leftOpen the hole that the read may have missed something in; 0 for none
   */
  void read(Visibility snapshot, long horizon, long leftOpen) {
    shown = new Shown(snapshot);
    base = Math.min(snapshot.xmin(), horizon);
    hole = leftOpen;
    reached = NOWHERE;
  }

  /** The client is given what a read of one run shows. */
  void readOne(RunId run, Visibility snapshot) {
    shown = shown == null ? new Shown(null) : shown;
    shown.one(run, snapshot);
  }

  /** The client was given the chunks of one run that a read shows. */
  void readChunks(RunId run, Visibility snapshot) {
    shown = shown == null ? new Shown(null) : shown;
    shown.chunks.put(run, snapshot);
  }

  /** Whether the client was told of this change already. */
  boolean covers(RunChanged change) {
    return isBehind(change.position())
        || (shown != null && shown.shows(change.xid(), shown.ones.get(change.run().id())));
  }

  /** The same of chunks of a run. */
  boolean covers(SegmentAppended appended) {
    RunId run = appended.segment().stream().run();
    return isBehind(appended.position())
        || (shown != null && shown.shows(appended.xid(), shown.chunks.get(run)));
  }

  /** Whether it was told of this place before this connection. */
  boolean isBehind(Position position) {
    return resumedAfter != null && !position.isAfter(resumedAfter);
  }

  /** What of a run's chunks the client may not have been told. */
  ChunkRange untold(RunId run) {
    Visibility one = shown == null ? null : shown.chunks.get(run);
    return one == null ? ChunkRange.since(base) : ChunkRange.notShownBy(one);
  }

  /** Whether the last read of the feed has shown this, and no horizon has proven that yet. */
  boolean wasShown(long xid) {
    return shown != null && shown.shows(xid, null);
  }

  /** Lets go of what a horizon proves. */
  void horizonPassed(long horizon) {
    if (shown != null) {
      shown.horizonPassed(horizon);
      shown = shown.isProven() ? null : shown;
    }
  }

  /** Whether a snapshot still decides what was told. */
  boolean restsOnSnapshot() {
    return shown != null;
  }

  /** Whether something may have been missed by both the stream and the last read. */
  boolean hasHole() {
    return hole != 0;
  }

  /** Whether everything that the hole may have hidden has become visible to a new read. */
  boolean canCloseHole(HeardLog heard) {
    if (hole == 0) {
      return false;
    }
    hole = hole == HeardLog.UNKNOWN_HOLE ? heard.hole() : hole;
    return hole == 0 || (heard.hole() == 0 && heard.horizon() >= hole);
  }

  /** Whether the client was told of something, elsewhere, that this log has not come to yet. */
  boolean isAhead(HeardLog heard) {
    return placeOfLive(heard).isAfter(Position.endOf(heard.last()));
  }

  /** The place that going live reaches: where the log is, or the client, if it is ahead. */
  Position placeOfLive(HeardLog heard) {
    Position now = Position.endOf(heard.last());
    return resumedAfter != null && resumedAfter.isAfter(now) ? resumedAfter : now;
  }

  /** Everything up to this place has been sent or is withheld. */
  void reach(Position place) {
    reached = place.isAfter(reached) ? place : reached;
  }

  /**
   * A change is sent while nothing is withheld or unproven: its cursor is the one that all who are
   * as far share, unless the last read was complete at a later horizon.
   */
  Cursor reach(Cursor shared) {
    reached = requireNonNull(shared.position());
    if (base > shared.horizon()) {
      return new Cursor(shared.incarnation(), base, reached, null);
    }
    base = shared.horizon();
    return shared;
  }

  /** The greatest cursor before which nothing is withheld. */
  Cursor cursor(HeardLog heard, @Nullable Position withheld) {
    Incarnation incarnation = heard.requireIncarnation();
    if (hole != 0) {
      return Cursor.ofRead(incarnation, base);
    }
    Position place = reached;
    if (withheld != null && !withheld.isAfter(place)) {
      place = withheld.before();
    }
    base = Math.max(base, heard.horizonAt(place));
    return shown != null
        ? Cursor.ofRead(incarnation, base)
        : new Cursor(incarnation, base, place, null);
  }

  /** The horizon that proves what a read of this run on its own has shown; 0 for none. */
  long readAheadUntil(RunId run) {
    Visibility one = shown == null ? null : shown.ones.get(run);
    return one == null ? 0 : one.xmax();
  }

  /**
   * What the client goes on from when it comes back: everything that was heard was told, but for
   * what is withheld. What may have been missed has no place in the log.
   *
   * @param withheld the first place of what waits; null when nothing does
   */
  Bookmark bookmark(HeardLog heard, @Nullable Position withheld) {
    Visibility kept = shown == null || shown.feedProven ? null : shown.feed;
    Cursor cursor =
        hole == 0 ? cursorBefore(heard, withheld) : Cursor.ofRead(heard.requireIncarnation(), base);
    return Bookmark.of(cursor, kept, heard.session());
  }

  private Cursor cursorBefore(HeardLog heard, @Nullable Position withheld) {
    Position place = withheld == null ? placeOfLive(heard) : withheld.before();
    long horizon = Math.max(base, heard.horizonAt(place));
    return new Cursor(heard.requireIncarnation(), horizon, place, null);
  }

  /**
   * What reads have shown a subscriber, kept until a horizon has passed everything that they may
   * not have shown; from then on the order of the stream alone decides.
   */
  private static final class Shown {
    private final @Nullable Visibility feed;
    private final Map<RunId, Visibility> ones = new HashMap<>(2);
    private final Map<RunId, Visibility> chunks = new HashMap<>(0);
    private boolean feedProven;

    /** A read of the whole feed; null where there was none. */
    Shown(@Nullable Visibility feed) {
      this.feed = feed;
      this.feedProven = feed == null;
    }

    void one(RunId run, Visibility snapshot) {
      ones.put(run, snapshot);
    }

    /**
     * @param one what a read of the run alone has shown; null when there was none
     */
    boolean shows(long xid, @Nullable Visibility one) {
      return (feed != null && !feedProven && feed.shows(xid)) || (one != null && one.shows(xid));
    }

    void horizonPassed(long horizon) {
      feedProven = feedProven || (feed != null && horizon >= feed.xmax());
      ones.values().removeIf(one -> horizon >= one.xmax());
      chunks.values().removeIf(one -> horizon >= one.xmax());
    }

    /** Whether nothing is left to be proven. */
    boolean isProven() {
      return feedProven && ones.isEmpty() && chunks.isEmpty();
    }
  }
}
