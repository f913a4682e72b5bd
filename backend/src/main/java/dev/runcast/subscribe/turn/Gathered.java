package dev.runcast.subscribe.turn;

import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.wire.Frame;
import dev.runcast.wire.ShapeForm;
import dev.runcast.wire.SharedFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The news of one turn: for each run the newest, in the order of the newest. Bytes of a frame are
 * shared with all who are told of it; only news that had to be merged is encoded anew.
 */
public final class Gathered {

  /**
   * What one frame tells of one run.
   *
   * @param place where among the frame's messages
   * @param run null when it is gone
   * @param whole whether the run is told whole
   */
  public record News(
      SharedFrame frame, int place, RunId id, @Nullable Run run, boolean whole, long version) {

    /**
     * Whether later news of the same run is none. A read that finds no run may have been too early
     * to see it: whatever the log tells behind it is news.
     */
    private boolean isNotOlderThan(News later) {
      return version != Long.MAX_VALUE && version >= later.version;
    }

    /** Its bytes; shared, so not to be modified. */
    public byte[] message(ShapeForm form) {
      return frame.messages(form).get(place);
    }
  }

  private final Predicate<News> isNew;
  private final Map<RunId, News> news = new LinkedHashMap<>();
  private long weight;

  /**
   * @param isNew whether something is news to the client, rather than what it was told before
   */
  Gathered(Predicate<News> isNew) {
    this.isNew = isNew;
  }

  void take(SharedFrame shared) {
    Frame frame = shared.frame();
    if (frame instanceof Frame.Snapshot snapshot) {
      int place = 0;
      for (Run run : snapshot.runs()) {
        add(new News(shared, place++, run.id(), run, true, run.version()));
      }
      for (Frame.Leave leave : snapshot.left()) {
        add(new News(shared, place++, leave.run(), null, false, leave.version()));
      }
    } else if (frame instanceof Frame.RunUpdate update) {
      Run run = update.run();
      add(new News(shared, 0, run.id(), run, update.whole(), run.version()));
    } else if (frame instanceof Frame.Leave leave) {
      add(new News(shared, 0, leave.run(), null, false, leave.version()));
    }
  }

  private void add(News latest) {
    Run run = latest.run;
    News earlier = news.get(latest.id);
    if ((earlier != null && earlier.isNotOlderThan(latest)) || !isNew.test(latest)) {
      return;
    }
    news.remove(latest.id);
    news.put(latest.id, earlier == null ? latest : merged(latest, earlier));
    weight += run == null ? 0 : run.weight();
  }

  /** What the client would make of one after the other. */
  private static News merged(News latest, News earlier) {
    if (latest.run == null || earlier.run == null || latest.whole) {
      return latest;
    }
    Run run = latest.run.over(earlier.run);
    SharedFrame frame = new SharedFrame(new Frame.RunUpdate(run, earlier.whole, null, null));
    return new News(frame, 0, latest.id, run, earlier.whole, latest.version);
  }

  boolean isEmpty() {
    return news.isEmpty();
  }

  /** A rough size in bytes. */
  long weight() {
    return weight;
  }

  void clear() {
    news.clear();
    weight = 0;
  }

  /** All of it, in order. */
  List<News> news() {
    return List.copyOf(news.values());
  }
}
