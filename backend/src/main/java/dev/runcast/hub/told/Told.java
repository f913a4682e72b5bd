package dev.runcast.hub.told;

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
import org.jspecify.annotations.Nullable;

/**
 * What one client has been told, and so which cursor may be claimed for it: by the cursor it
 * resumed from, by reads, and by the places in the stream sent since. Owned by the hub's event
 * loop.
 */
public final class Told {
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
  public void forget() {
    shown = null;
    resumedAfter = null;
    reached = NOWHERE;
    hole = 0;
  }

  /** The client resumes: it was told everything up to and with the cursor's place. */
  public Position resume(Cursor cursor) {
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
  public Position resume(Bookmark bookmark) {
    Visibility kept = bookmark.shown();
    shown = kept == null ? null : new Shown(kept);
    return resume(bookmark.cursor());
  }

  /**
   * The client was given what a read of its feed shows.
   *
   * @param leftOpen the hole that the read may have missed something in; 0 for none
   */
  public void read(Visibility snapshot, long horizon, long leftOpen) {
    shown = new Shown(snapshot);
    base = Math.min(snapshot.xmin(), horizon);
    hole = leftOpen;
    reached = NOWHERE;
  }

  /** The client is given what a read of one run shows. */
  public void readOne(RunId run, Visibility snapshot) {
    shown = shown == null ? new Shown(null) : shown;
    shown.one(run, snapshot);
  }

  /** The client was given the chunks of one run that a read shows. */
  public void readChunks(RunId run, Visibility snapshot) {
    shown = shown == null ? new Shown(null) : shown;
    shown.chunks.put(run, snapshot);
  }

  /** Whether the client was told of this change already. */
  public boolean covers(RunChanged change) {
    return isBehind(change.position())
        || (shown != null && shown.shows(change.xid(), shown.ones.get(change.run().id())));
  }

  /** The same of chunks of a run. */
  public boolean covers(SegmentAppended appended) {
    RunId run = appended.segment().stream().run();
    return isBehind(appended.position())
        || (shown != null && shown.shows(appended.xid(), shown.chunks.get(run)));
  }

  /** Whether it was told of this place before this connection. */
  public boolean isBehind(Position position) {
    return resumedAfter != null && !position.isAfter(resumedAfter);
  }

  /**
   * What of a run's chunks the client may not have been told.
   *
   * @param entered whether the run may have come into the feed since the client was told of it
   */
  public ChunkRange untold(RunId run, boolean entered) {
    Visibility one = shown == null ? null : shown.chunks.get(run);
    if (one == null) {
      return entered ? ChunkRange.ALL : ChunkRange.since(base);
    }
    return ChunkRange.notShownBy(one);
  }

  /** Whether the last read of the feed has shown this, and no horizon has proven that yet. */
  public boolean wasShown(long xid) {
    return shown != null && shown.shows(xid, null);
  }

  /** Lets go of what a horizon proves. */
  public void horizonPassed(long horizon) {
    if (shown != null) {
      shown.horizonPassed(horizon);
      shown = shown.isProven() ? null : shown;
    }
  }

  /** Whether a snapshot still decides what was told. */
  public boolean restsOnSnapshot() {
    return shown != null;
  }

  /** Whether something may have been missed by both the stream and the last read. */
  public boolean hasHole() {
    return hole != 0;
  }

  /** Whether everything that the hole may have hidden has become visible to a new read. */
  public boolean canCloseHole(HeardLog heard) {
    if (hole == 0) {
      return false;
    }
    hole = hole == HeardLog.UNKNOWN_HOLE ? heard.hole() : hole;
    return hole == 0 || (heard.hole() == 0 && heard.horizon() >= hole);
  }

  /** Whether the client was told of something, elsewhere, that this log has not come to yet. */
  public boolean isAhead(HeardLog heard) {
    return placeOfLive(heard).isAfter(Position.endOf(heard.last()));
  }

  /** The place that going live reaches: where the log is, or the client, if it is ahead. */
  public Position placeOfLive(HeardLog heard) {
    Position now = Position.endOf(heard.last());
    return resumedAfter != null && resumedAfter.isAfter(now) ? resumedAfter : now;
  }

  /** Everything up to this place has been sent or is withheld. */
  public void reach(Position place) {
    reached = place.isAfter(reached) ? place : reached;
  }

  /**
   * A change is sent while nothing is withheld or unproven: its cursor is the one that all who are
   * as far share, unless the last read was complete at a later horizon.
   */
  public Cursor reach(Cursor shared) {
    reached = requireNonNull(shared.position());
    if (base > shared.horizon()) {
      return new Cursor(shared.incarnation(), base, reached, null);
    }
    base = shared.horizon();
    return shared;
  }

  /** The greatest cursor before which nothing is withheld. */
  public Cursor cursor(HeardLog heard, @Nullable Position withheld) {
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
  public long readAheadUntil(RunId run) {
    Visibility one = shown == null ? null : shown.ones.get(run);
    return one == null ? 0 : one.xmax();
  }

  /**
   * What the client goes on from when it comes back: everything that was heard was told, but for
   * what is withheld. What may have been missed has no place in the log.
   *
   * @param withheld the first place of what waits; null when nothing does
   */
  public Bookmark bookmark(HeardLog heard, @Nullable Position withheld) {
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
}
