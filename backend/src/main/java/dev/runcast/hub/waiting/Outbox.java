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
 * the newest change in each, among frames of other kinds. Only news of runs counts against a
 * budget. Owned by the hub's event loop.
 */
public final class Outbox {

  /**
   * One thing that waits.
   *
   * @param newest the place that is reached by sending it; null for a frame that moves nothing
   * @param cursor its own cursor, for a frame of a read
   */
  public record Waiting(
      SharedFrame frame,
      @Nullable Position newest,
      @Nullable Cursor cursor,
      @Nullable Pending news) {}

  private final Map<Object, Waiting> waiting = new LinkedHashMap<>();
  private final TreeSet<Position> oldest = new TreeSet<>();
  private long weight;

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Bytes of run news, by {@link Pending#weight}. */
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
    waiting.put(news.run().id(), new Waiting(frame, news.newest().position(), null, news));
  }

  public void addFrame(SharedFrame frame, @Nullable Position newest, @Nullable Cursor cursor) {
    waiting.put(new Object(), new Waiting(frame, newest, cursor, null));
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
    if (gone.news != null) {
      weight -= gone.news.weight();
      oldest.remove(gone.news.oldest());
    }
  }
}
