package dev.runcast.hub.waiting;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.wire.SharedFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client is yet to be sent: what waits until it has taken what it was given, and news of
 * runs that must be read first. Of each run at most one piece of news is in one of the two. Holds
 * nothing as a rule, and then costs nothing. Owned by the hub's event loop.
 */
public final class Withheld {
  private @Nullable Outbox outbox;
  private @Nullable Unread unread;

  /** Whether nothing waits for the client to take what it was given. */
  public boolean isOutboxEmpty() {
    return outbox == null || outbox.isEmpty();
  }

  /** Whether no run waits to be read. */
  public boolean isAllRead() {
    return unread == null;
  }

  public boolean isEmpty() {
    return isAllRead() && isOutboxEmpty();
  }

  /** The first place of anything withheld: cursors stay before it; null when nothing is. */
  public @Nullable Position oldest() {
    Position kept = outbox == null ? null : outbox.oldest();
    Position awaited = unread == null ? null : unread.oldest();
    if (kept == null || awaited == null) {
      return kept == null ? awaited : kept;
    }
    return kept.isAfter(awaited) ? awaited : kept;
  }

  /** Bytes of run news, by {@link Pending#weight}. */
  public long weight() {
    return (outbox == null ? 0 : outbox.weight()) + (unread == null ? 0 : unread.weight());
  }

  public void clear() {
    outbox = null;
    unread = null;
  }

  // What waits for the client.

  public void keep(Pending news, SharedFrame frame) {
    outbox().addNews(news, frame);
  }

  public void keep(SharedFrame frame, @Nullable Position newest, @Nullable Cursor cursor) {
    outbox().addFrame(frame, newest, cursor);
  }

  /** The next to be sent. */
  public Outbox.@Nullable Waiting poll() {
    Outbox.Waiting next = outbox == null ? null : outbox.poll();
    outbox = next == null ? null : outbox;
    return next;
  }

  private Outbox outbox() {
    if (outbox == null) {
      outbox = new Outbox();
    }
    return outbox;
  }

  // What waits to be read.

  public void awaitRead(Pending news) {
    unread = unread == null ? new Unread() : unread;
    unread.put(news);
  }

  /** The news of a run that waits to be read; null if it does not. */
  public @Nullable Pending awaitingRead(RunId run) {
    return unread == null ? null : unread.get(run);
  }

  public List<RunId> runsToRead() {
    return unread == null ? List.of() : unread.runs();
  }

  public @Nullable Pending takeUnread(RunId run) {
    if (unread == null) {
      return null;
    }
    Pending taken = unread.take(run);
    unread = unread.isEmpty() ? null : unread;
    return taken;
  }

  /** Later news of a run, with what was withheld of it taken out and merged in. */
  public Pending merge(Pending news) {
    Pending earlier = takeUnread(news.run().id());
    if (earlier == null && outbox != null) {
      earlier = outbox.takeNews(news.run().id());
    }
    return earlier == null ? news : news.merging(earlier);
  }
}
