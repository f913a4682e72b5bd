package dev.runcast.hub.waiting;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Position;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a client that samples was told a short while ago, and what has happened to those runs since:
 * of each at most one piece of news, put off until an interval has passed since it was told of the
 * run. Since all intervals are equal, what was told first is due first. Owned by the hub's event
 * loop.
 */
public final class Samples {
  /** What it takes to remember that a run was told of. */
  private static final int MARK_WEIGHT = 192;

  /** A run that was told of, until it is due, and the news of it since. */
  private static final class Mark {
    final long due;
    @Nullable Pending news;

    Mark(long due) {
      this.due = due;
    }
  }

  private final long interval;
  private final Map<RunId, Mark> marks = new LinkedHashMap<>();
  private final TreeSet<Position> oldest = new TreeSet<>();
  private long newsWeight;

  /**
   * @param interval in milliseconds, as are all times here
   */
  Samples(long interval) {
    this.interval = interval;
  }

  /** Whether no run was told of so recently that more of it would have to wait. */
  public boolean isEmpty() {
    return marks.isEmpty();
  }

  /** Whether there is news that is put off. */
  public boolean holdsNews() {
    return !oldest.isEmpty();
  }

  /** The first place that is put off; null when nothing is. */
  @Nullable Position oldest() {
    return oldest.isEmpty() ? null : oldest.first();
  }

  /** Bytes of news that is put off, and of what is remembered. */
  long weight() {
    return newsWeight + (long) MARK_WEIGHT * marks.size();
  }

  /** Whether news of the run is to be put off now, unless it is urgent. */
  public boolean isTooSoon(RunId run, long now) {
    Mark mark = marks.get(run);
    return mark != null && now < mark.due;
  }

  /** The client is told of the run now. */
  public void told(RunId run, long now) {
    take(run);
    marks.remove(run);
    marks.put(run, new Mark(now + interval));
  }

  /** Puts news off until its run is due, of which nothing is put off yet. */
  public void putOff(Pending news) {
    Mark mark = marks.get(news.run().id());
    if (mark == null) {
      throw new IllegalArgumentException("only news of a run that was told of is put off");
    }
    mark.news = news;
    newsWeight += news.weight();
    oldest.add(news.oldest());
  }

  /** Takes out the news of a run, which stays as recently told of as it was. */
  @Nullable Pending take(RunId run) {
    Mark mark = marks.get(run);
    return mark == null ? null : takeNews(mark);
  }

  /** Takes out the first news that is due, and forgets of all runs that are due before it. */
  public @Nullable Pending takeDue(long now) {
    while (!marks.isEmpty() && nextDue() <= now) {
      Pending news = takeFirst();
      if (news != null) {
        return news;
      }
    }
    return null;
  }

  /** Forgets the run that was told of first, though it is not due, and gives the news of it. */
  public @Nullable Pending takeFirst() {
    Iterator<Mark> first = marks.values().iterator();
    if (!first.hasNext()) {
      return null;
    }
    Mark mark = first.next();
    first.remove();
    return takeNews(mark);
  }

  /** When the next run is due; never if none was told of recently. */
  public long nextDue() {
    Iterator<Mark> first = marks.values().iterator();
    return first.hasNext() ? first.next().due : Long.MAX_VALUE;
  }

  void clear() {
    marks.clear();
    oldest.clear();
    newsWeight = 0;
  }

  private @Nullable Pending takeNews(Mark mark) {
    Pending news = mark.news;
    if (news != null) {
      mark.news = null;
      newsWeight -= news.weight();
      oldest.remove(news.oldest());
    }
    return news;
  }
}
