package dev.runcast.hub.waiting;

import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Position;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import org.jspecify.annotations.Nullable;

/**
 * News of a run that one subscriber has not been sent yet: possibly several changes merged into
 * one.
 *
 * @param newest the latest change in it
 * @param run the run as the merged changes tell it
 * @param oldest the place of the first change in it: cursors stay before this
 * @param shared the frame that tells it, where it is just one change or what a read gave
 */
public record Pending(
    Telling.Kind kind, RunChanged newest, Run run, Position oldest, @Nullable SharedFrame shared) {

  public static Pending of(Telling telling, Telling.Kind kind) {
    RunChanged change = telling.change();
    return new Pending(kind, change, change.run(), change.position(), telling.frame(kind));
  }

  /**
   * This later news with the earlier, unsent news of the same run inside: an unchanged column
   * inherits what the earlier one knew, an entry that was not sent yet stays an entry, and the
   * oldest place is the earlier one's. The one way in which frames are merged.
   */
  public Pending merging(Pending earlier) {
    if (kind != Telling.Kind.UPDATE || earlier.kind == Telling.Kind.LEAVE) {
      return new Pending(kind, newest, run, earlier.oldest, shared);
    }
    SharedFrame same = kind == earlier.kind && run.isWhole() ? shared : null;
    return new Pending(earlier.kind, newest, run.over(earlier.run), earlier.oldest, same);
  }

  /** Whether a client is to be told of it at once, however it samples. */
  public boolean isUrgent() {
    return kind == Telling.Kind.LEAVE || run.status().isFinal();
  }

  /** Whether the run has to be read before this can be sent: entries always go out whole. */
  public boolean needsReading() {
    return kind == Telling.Kind.ENTRY && !run.isWhole();
  }

  /** An update as it must be told to a client that may not hold the run: whole. */
  public Pending asEntry() {
    return kind == Telling.Kind.UPDATE
        ? new Pending(Telling.Kind.ENTRY, newest, run, oldest, null)
        : this;
  }

  /** As it waits to be read: what it tells of the run is not needed any more. */
  public Pending toBeRead() {
    return new Pending(
        Telling.Kind.ENTRY, newest.withoutContents(), run.withoutContents(), oldest, null);
  }

  /** Answered by a read, which may have shown an even newer version. */
  public Pending read(Run row, boolean matches) {
    Frame frame =
        matches
            ? new Frame.RunUpdate(row, true, null, null)
            : new Frame.Leave(row.id(), row.version(), Telling.reason(row.status()));
    Telling.Kind told = matches ? Telling.Kind.ENTRY : Telling.Kind.LEAVE;
    return new Pending(told, newest, row, oldest, new SharedFrame(frame));
  }

  /** Answered by a read that shows no such run any more. */
  public Pending gone() {
    Frame frame = new Frame.Leave(run.id(), Long.MAX_VALUE, Frame.Leave.Reason.DELETED);
    return new Pending(Telling.Kind.LEAVE, newest, run, oldest, new SharedFrame(frame));
  }

  public SharedFrame frame() {
    if (shared != null) {
      return shared;
    }
    return new SharedFrame(
        kind == Telling.Kind.LEAVE
            ? Telling.leaveFrame(newest)
            : new Frame.RunUpdate(
                run, kind == Telling.Kind.ENTRY, newest.position().lsn(), newest.committedAt()));
  }

  public int weight() {
    return kind == Telling.Kind.LEAVE ? 64 : run.weight();
  }
}
