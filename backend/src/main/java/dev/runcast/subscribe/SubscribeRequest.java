package dev.runcast.subscribe;

import dev.runcast.hub.tally.Sums;
import dev.runcast.run.Filter;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.wire.Columns;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks to follow, already authorised.
 *
 * @param after where the client was; null for everything from the start
 * @param fromNow only what happens from now on, every row whole, since the client holds none of
 *     what was there before; with {@code after} it goes on from there, its rows still whole
 * @param stopOnCompletion end once the one run followed is done; only with {@link Filter.ByRun}
 * @param sample how far apart intermediate states of a run are told; zero for all of them
 * @param rows whether rows are told at all, rather than only what they add up to
 * @param sums what is told of what they add up to
 * @param repair the parts of the feed that the client holds wrong, to be given anew; none as a rule
 * @param streams whose chunks are told as well; null for none
 */
public record SubscribeRequest(
    Filter filter,
    Columns columns,
    @Nullable Cursor after,
    boolean fromNow,
    boolean stopOnCompletion,
    Duration sample,
    boolean rows,
    Sums sums,
    Set<Integer> repair,
    @Nullable StreamSelection streams) {

  /** For rows, and nothing else. */
  public SubscribeRequest(
      Filter filter,
      Columns columns,
      @Nullable Cursor after,
      boolean fromNow,
      boolean stopOnCompletion,
      Duration sample) {
    this(
        filter, columns, after, fromNow, stopOnCompletion, sample, true, Sums.NONE, Set.of(), null);
  }
}
