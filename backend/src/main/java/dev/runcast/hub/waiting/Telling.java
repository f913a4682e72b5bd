package dev.runcast.hub.waiting;

import dev.runcast.run.RunChanged;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Cursor;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.util.EnumMap;
import java.util.Map;

/**
 * One change on its way to the subscriptions of a hub: the frames that tell it, made when first
 * needed and then shared, and the cursor of every subscriber that has nothing held back.
 */
public final class Telling {

  /** What a change is to a feed. */
  public enum Kind {
    ENTRY,
    UPDATE,
    LEAVE;

    public static Kind of(boolean matchesNow, boolean matchedBefore) {
      if (!matchesNow) {
        return LEAVE;
      }
      return matchedBefore ? UPDATE : ENTRY;
    }
  }

  private final RunChanged change;
  private final Cursor cursor;
  private final Map<Kind, SharedFrame> frames = new EnumMap<>(Kind.class);

  public Telling(RunChanged change, Cursor cursor) {
    this.change = change;
    this.cursor = cursor;
  }

  public RunChanged change() {
    return change;
  }

  public Cursor cursor() {
    return cursor;
  }

  public SharedFrame frame(Kind kind) {
    return frames.computeIfAbsent(kind, this::make);
  }

  private SharedFrame make(Kind kind) {
    return new SharedFrame(
        kind == Kind.LEAVE
            ? leaveFrame(change)
            : new Frame.RunUpdate(
                change.run(), kind == Kind.ENTRY, change.position().lsn(), change.committedAt()));
  }

  public static Frame.Leave leaveFrame(RunChanged change) {
    return new Frame.Leave(
        change.run().id(), change.run().version(), reason(change.run().status()));
  }

  public static Frame.Leave.Reason reason(RunStatus status) {
    return status == RunStatus.DELETED ? Frame.Leave.Reason.DELETED : Frame.Leave.Reason.FILTER;
  }
}
