package dev.runcast.hub.waiting;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs of which the stored chunks must be read before more is told of them: one that has come into
 * the feed, and any with news while a hole is open. Owned by the hub's event loop.
 */
public final class AwaitedChunks {
  private static final int WEIGHT = 200;

  /** One run. */
  public static final class Await {
    private final RunId run;
    private Position oldest;
    private long since;
    private boolean whole;
    private long news;
    private boolean reading;

    private Await(RunId run, Position oldest, long since) {
      this.run = run;
      this.oldest = oldest;
      this.since = since;
    }

    public RunId run() {
      return run;
    }

    /** The first place that is not told. */
    public Position oldest() {
      return oldest;
    }

    /** The horizon before that place: what had passed by then was told. */
    public long since() {
      return since;
    }

    /** Whether all its chunks are to be told, for the client may have none of them. */
    public boolean isWhole() {
      return whole;
    }

    /** Counts what has come of it. */
    public long news() {
      return news;
    }

    /** Begins to read; false if that is under way. */
    public boolean begin() {
      boolean begins = !reading;
      reading = true;
      return begins;
    }

    /** The read is over and did not do. */
    public void stop() {
      reading = false;
    }
  }

  private final Map<RunId, Await> awaited = new LinkedHashMap<>();
  private final TreeSet<Position> oldest = new TreeSet<>();

  /**
   * News of a run that must be read.
   *
   * @param at the place of it: cursors stay before the first
   * @param horizon the newest before that place
   * @param whole whether all its chunks are to be told
   */
  void add(RunId run, Position at, long horizon, boolean whole) {
    Await await = awaited.computeIfAbsent(run, absent -> new Await(absent, at, horizon));
    if (await.oldest.isAfter(at)) {
      oldest.remove(await.oldest);
      await.oldest = at;
      await.since = Math.min(await.since, horizon);
    }
    oldest.add(await.oldest);
    await.whole |= whole;
    await.news++;
  }

  @Nullable Await get(RunId run) {
    return awaited.get(run);
  }

  void remove(RunId run) {
    Await gone = awaited.remove(run);
    if (gone != null) {
      oldest.remove(gone.oldest);
    }
  }

  boolean isEmpty() {
    return awaited.isEmpty();
  }

  List<RunId> runs() {
    return List.copyOf(awaited.keySet());
  }

  @Nullable Position oldest() {
    return oldest.isEmpty() ? null : oldest.first();
  }

  long weight() {
    return (long) awaited.size() * WEIGHT;
  }
}
