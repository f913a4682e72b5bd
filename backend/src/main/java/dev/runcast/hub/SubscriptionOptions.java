package dev.runcast.hub;

import dev.runcast.run.place.Cursor;
import dev.runcast.run.stream.StreamSelection;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a client came.
 *
 * @param after the cursor to go on from; null for none
 * @param rows whether it is told of rows; without them only of what they add up to
 * @param wholeRows whether every row must be sent whole, since the client may hold none of them
 * @param stopOnCompletion whether to hang up once a run that is final was sent
 * @param sample how far apart intermediate states of a run are told; zero for all of them
 * @param streams whose chunks are told as well; null for none
 * @param repair the parts of the feed that are given anew, since what the client holds of them is
 *     wrong
 */
public record SubscriptionOptions(
    @Nullable Cursor after,
    boolean rows,
    boolean wholeRows,
    boolean stopOnCompletion,
    Duration sample,
    @Nullable StreamSelection streams,
    Set<Integer> repair) {
  /** Of a client that is told no chunks. */
  public SubscriptionOptions(
      @Nullable Cursor after,
      boolean rows,
      boolean wholeRows,
      boolean stopOnCompletion,
      Duration sample) {
    this(after, rows, wholeRows, stopOnCompletion, sample, null, Set.of());
  }

  /** Of a client that is told of rows, in all their states. */
  public SubscriptionOptions(@Nullable Cursor after, boolean wholeRows, boolean stopOnCompletion) {
    this(after, true, wholeRows, stopOnCompletion, Duration.ZERO, null, Set.of());
  }
}
