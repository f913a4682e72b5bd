package dev.runcast.hub.waiting;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.wire.SharedFrame;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one client is yet to be sent: what waits until it has taken what it was given, news of runs
 * that must be read first, or their chunks, and what is put off for a client that samples. Of each
 * run at most one piece of news is in one of the three. Holds nothing as a rule, and then costs
 * nothing. Owned by the hub's event loop.
 */
public final class Withheld {
  private final @Nullable Samples samples;
  private @Nullable Outbox outbox;
  private @Nullable Unread unread;
  private @Nullable AwaitedChunks awaited;

  /**
   * @param sampleMillis how far apart intermediate states of a run are told; 0 for all of them
   */
  public Withheld(long sampleMillis) {
    samples = sampleMillis == 0 ? null : new Samples(sampleMillis);
  }

  /** Whether nothing waits for the client to take what it was given. */
  public boolean isOutboxEmpty() {
    return outbox == null || outbox.isEmpty();
  }

  /** Whether no run waits to be read. */
  public boolean isAllRead() {
    return unread == null && awaited == null;
  }

  public boolean isEmpty() {
    return isAllRead() && isOutboxEmpty() && !isPutOff();
  }

  /** Whether anything is put off for a client that samples. */
  public boolean isPutOff() {
    return samples != null && samples.holdsNews();
  }

  /** What a client that samples was told of, and what is put off; null for any other. */
  public @Nullable Samples samples() {
    return samples;
  }

  /** The first place of anything withheld: cursors stay before it; null when nothing is. */
  public @Nullable Position oldest() {
    Position kept = outbox == null ? null : outbox.oldest();
    Position runs = unread == null ? null : unread.oldest();
    Position chunks = awaited == null ? null : awaited.oldest();
    Position putOff = samples == null ? null : samples.oldest();
    return first(first(kept, first(runs, chunks)), putOff);
  }

  /** The first of two places, of which any may be null. */
  public static @Nullable Position first(@Nullable Position one, @Nullable Position other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isAfter(other) ? other : one;
  }

  /** Bytes of news and chunks, and of what sampling remembers. */
  public long weight() {
    return (outbox == null ? 0 : outbox.weight())
        + (unread == null ? 0 : unread.weight())
        + (awaited == null ? 0 : awaited.weight())
        + (samples == null ? 0 : samples.weight());
  }

  public void clear() {
    outbox = null;
    unread = null;
    awaited = null;
    if (samples != null) {
      samples.clear();
    }
  }

  // What waits for the client.

  public void keep(Pending news, SharedFrame frame) {
    outbox().addNews(news, frame);
  }

  public void keep(SharedFrame frame, @Nullable Position newest, @Nullable Cursor cursor) {
    outbox().addFrame(frame, newest, cursor);
  }

  /** Chunks that came at a place. */
  public void keep(ChunkTelling telling) {
    outbox().addChunks(telling.frame(), telling.position());
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

  /** The runs that wait to be read, or their chunks. */
  public List<RunId> runsToRead() {
    if (awaited == null) {
      return unread == null ? List.of() : unread.runs();
    }
    Set<RunId> runs = new LinkedHashSet<>(awaited.runs());
    runs.addAll(unread == null ? List.of() : unread.runs());
    return List.copyOf(runs);
  }

  /**
   * The chunks of a run must be read before more is told of it.
   *
   * @param at the place of what asks for it
   * @param horizon the newest before that place
   * @param whole whether all of them are to be told
   */
  public void awaitChunks(RunId run, Position at, long horizon, boolean whole) {
    awaited = awaited == null ? new AwaitedChunks() : awaited;
    awaited.add(run, at, horizon, whole);
  }

  /** What is awaited of a run; null if nothing is. */
  public AwaitedChunks.@Nullable Await awaitedChunks(RunId run) {
    return awaited == null ? null : awaited.get(run);
  }

  /** The chunks of a run were told, or are not to be told. */
  public void stopAwaiting(RunId run) {
    if (awaited != null) {
      awaited.remove(run);
      awaited = awaited.isEmpty() ? null : awaited;
    }
  }

  public @Nullable Pending takeUnread(RunId run) {
    if (unread == null) {
      return null;
    }
    Pending taken = unread.take(run);
    unread = unread.isEmpty() ? null : unread;
    return taken;
  }

  /** Whether news of a run waits for the client, or to be read. */
  public boolean isUnderWay(RunId run) {
    return awaitingRead(run) != null || (outbox != null && outbox.holds(run));
  }

  /** Later news of a run, with what was withheld of it taken out and merged in. */
  public Pending merge(Pending news) {
    RunId run = news.run().id();
    Pending earlier = takeUnread(run);
    if (earlier == null && outbox != null) {
      earlier = outbox.takeNews(run);
    }
    if (earlier == null && samples != null) {
      earlier = samples.take(run);
    }
    return earlier == null ? news : news.merging(earlier);
  }
}
