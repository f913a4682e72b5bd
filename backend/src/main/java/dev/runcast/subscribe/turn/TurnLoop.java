package dev.runcast.subscribe.turn;

import dev.runcast.hub.Subscription;
import dev.runcast.run.place.Bookmark;
import dev.runcast.subscribe.SubscribeFlow;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Opens the turns of one event loop, and holds what they share. Confined to that loop. */
public final class TurnLoop {
  /** How often {@link #tick} wants to be called. */
  public static final Duration TICK = Duration.ofMillis(500);

  /**
   * How long a turn may last and how much it may answer.
   *
   * @param hold for how long it waits when there is no news
   * @param partBytes beyond this an answer goes out in parts; as {@link dev.runcast.run.Run#weight}
   *     counts them
   */
  public record Bounds(Duration hold, long partBytes) {}

  /**
   * How to run something on this event loop.
   *
   * @param afterThis as soon as all that is being told now was told
   * @param later after about that long
   */
  public record Turns(Executor afterThis, BiConsumer<Duration, Runnable> later) {}

  private final SubscribeFlow flow;
  private final Bounds bounds;
  private final Turns loop;
  private final Holds holds;

  public TurnLoop(SubscribeFlow flow, Bounds bounds, Turns loop, RandomGenerator random) {
    this.flow = flow;
    this.bounds = bounds;
    this.loop = loop;
    this.holds = new Holds((int) Math.max(1, bounds.hold.dividedBy(TICK)), random);
  }

  /**
   * Begins a turn.
   *
   * @param answer called once at most, maybe before this returns; not if the client leaves first
   */
  public Turn open(TurnRequest request, Consumer<TurnAnswer> answer) {
    Turn turn = new Turn(this, request, answer);
    TurnOffset offset = request.offset();
    Subscription served =
        offset == null
            ? flow.open(request.feed(), turn)
            : flow.open(request.feed(), offset.bookmark(), turn);
    turn.serve(served);
    return turn;
  }

  /** Every {@link #TICK}: answers those that were held for long enough. */
  public void tick() {
    holds.tick();
  }

  Holds holds() {
    return holds;
  }

  long partBytes() {
    return bounds.partBytes;
  }

  void afterThis(Runnable task) {
    loop.afterThis.execute(task);
  }

  void later(Duration delay, Runnable task) {
    loop.later.accept(delay, task);
  }

  boolean wasShown(Bookmark bookmark, long xid) {
    return flow.wasShown(bookmark, xid);
  }
}
