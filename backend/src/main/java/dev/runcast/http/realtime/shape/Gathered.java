package dev.runcast.http.realtime.shape;

import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.wire.Frame;
import dev.runcast.wire.ShapeForm;
import dev.runcast.wire.SharedFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The news of one turn: for each run the newest, in the order of the newest. Bytes of a frame are
 * shared with all who are told of it; only news that had to be merged is encoded anew.
 */
final class Gathered {

  /**
   * What one frame tells of one run.
   *
   * @param place where among the frame's messages
   * @param run null when it is gone
   * @param whole whether the run is told whole
   */
  private record News(
      SharedFrame frame, int place, @Nullable Run run, boolean whole, long version) {}

  private final Predicate<Run> isNew;
  private final Map<RunId, News> news = new LinkedHashMap<>();
  private long weight;

  /**
   * @param isNew whether a row that a read gives is one that the client was not given before
   */
  Gathered(Predicate<Run> isNew) {
    this.isNew = isNew;
  }

  void take(SharedFrame shared) {
    Frame frame = shared.frame();
    if (frame instanceof Frame.Snapshot snapshot) {
      int place = 0;
      for (Run run : snapshot.runs()) {
        add(run.id(), new News(shared, place++, run, true, run.version()));
      }
      for (Frame.Leave leave : snapshot.left()) {
        add(leave.run(), new News(shared, place++, null, false, leave.version()));
      }
    } else if (frame instanceof Frame.RunUpdate update) {
      Run run = update.run();
      add(run.id(), new News(shared, 0, run, update.whole(), run.version()));
    } else if (frame instanceof Frame.Leave leave) {
      add(leave.run(), new News(shared, 0, null, false, leave.version()));
    }
  }

  private void add(RunId id, News latest) {
    Run run = latest.run;
    News earlier = news.get(id);
    if ((earlier != null && earlier.version >= latest.version)
        || (run != null && !isNew.test(run))) {
      return;
    }
    news.remove(id);
    news.put(id, earlier == null ? latest : merged(latest, earlier));
    weight += run == null ? 0 : run.weight();
  }

  /** What the client would make of one after the other. */
  private static News merged(News latest, News earlier) {
    if (latest.run == null || earlier.run == null || latest.whole) {
      return latest;
    }
    Run run = latest.run.over(earlier.run);
    SharedFrame frame = new SharedFrame(new Frame.RunUpdate(run, earlier.whole, null, null));
    return new News(frame, 0, run, earlier.whole, latest.version);
  }

  boolean isEmpty() {
    return news.isEmpty();
  }

  /** A rough size in bytes. */
  long weight() {
    return weight;
  }

  /** The newest version of all; for a feed of one run. */
  long version() {
    return news.values().stream()
        .mapToLong(News::version)
        .filter(version -> version != Long.MAX_VALUE)
        .max()
        .orElse(0);
  }

  void clear() {
    news.clear();
    weight = 0;
  }

  List<byte[]> messages(ShapeForm form) {
    List<byte[]> messages = new ArrayList<>(news.size());
    news.values().forEach(told -> messages.add(told.frame.messages(form).get(told.place)));
    return messages;
  }
}
