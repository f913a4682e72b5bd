package dev.runcast.hub.waiting;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Position;
import dev.runcast.wire.SharedFrame;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What waits in front of a sink that is full: at most one piece of news per run, in the order of
 * the newest change in each, and chunks as they came, among frames of other kinds. Only news and
 * chunks count against a budget. Owned by the hub's event loop.
 */
public final class Outbox {

  /**
   * One thing that waits.
   *
   * @param newest the place that is reached by sending it; null for a frame that moves nothing
   * @param cursor its own cursor, for a frame of a read
   * @param oldest the first place that it tells: cursors stay before it while it waits; null for a
   *     frame that counts against no budget
   */
  public record Waiting(
      SharedFrame frame,
      @Nullable Position newest,
      @Nullable Cursor cursor,
      @Nullable Pending news,
      @Nullable Position oldest) {
    private int weight() {
      if (news != null) {
        return news.weight();
      }
      return oldest == null ? 0 : frame.frame().weight();
    }
  }

  private final Map<Object, Waiting> waiting = new LinkedHashMap<>();
  private final TreeSet<Position> oldest = new TreeSet<>();
  private long weight;

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Bytes of news and chunks. */
  public long weight() {
    return weight;
  }

  /** The first place that is withheld; null when nothing is. */
  public @Nullable Position oldest() {
    return oldest.isEmpty() ? null : oldest.first();
  }

  public void addNews(Pending news, SharedFrame frame) {
    weight += news.weight();
    oldest.add(news.oldest());
    waiting.put(
        news.run().id(), new Waiting(frame, news.newest().position(), null, news, news.oldest()));
  }

  public void addFrame(SharedFrame frame, @Nullable Position newest, @Nullable Cursor cursor) {
    waiting.put(new Object(), new Waiting(frame, newest, cursor, null, null));
  }

  /** Chunks that came at a place. */
  public void addChunks(SharedFrame frame, Position at) {
    Waiting chunks = new Waiting(frame, at, null, null, at);
    weight += chunks.weight();
    oldest.add(at);
    waiting.put(new Object(), chunks);
  }

  boolean holds(RunId run) {
    return waiting.containsKey(run);
  }

  /** Takes out the news of a run, for newer news to be merged with. */
  public @Nullable Pending takeNews(RunId run) {
    Waiting taken = waiting.remove(run);
    if (taken == null) {
      return null;
    }
    forget(taken);
    return taken.news;
  }

  public @Nullable Waiting poll() {
    Iterator<Waiting> first = waiting.values().iterator();
    if (!first.hasNext()) {
      return null;
    }
    Waiting polled = first.next();
    first.remove();
    forget(polled);
    return polled;
  }

  private void forget(Waiting gone) {
    weight -= gone.weight();
    if (gone.oldest != null) {
      oldest.remove(gone.oldest);
    }
  }
}
