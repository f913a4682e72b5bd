package dev.runcast.http.queue;

import dev.runcast.engine.claim.Claims.Order;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunStatus;
import dev.runcast.store.execution.Claimed;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Workers that wait until there is a run for them. They ask the database once when they come, and
 * again when the log tells of a run that has entered their queue or left its place there: one of
 * them for each such run, the longest waiting first. Confined to its event loop.
 *
 * <p>What the log tells may be told before it can be read. Who was woken and found nothing looks
 * once more when a horizon has passed that transaction.
 */
public final class WaitingClaims {
  /** What a run is that takes up a place. */
  private static final Set<RunStatus> HELD = EnumSet.of(RunStatus.DEQUEUED, RunStatus.EXECUTING);

  /** What the log does not tell is found by looking, too: a pause that ends, a place let go of. */
  private static final long LOOK_AGAIN_MILLIS = 10_000;

  private final Vertx vertx;
  private final Map<Place, Deque<Waiting>> waiting = new HashMap<>();

  public WaitingClaims(Vertx vertx) {
    this.vertx = vertx;
  }

  private record Place(EnvironmentId environment, @Nullable String queue) {}

  /**
   * Looks, and if there is nothing, waits.
   *
   * @param look claims what there is
   * @param hangUp takes what is to be done when who asked is gone: nothing is claimed for him then,
   *     but for what is being claimed at the moment
   * @return what was claimed; nothing when the time was over
   */
  Future<List<Claimed>> await(
      Order order, Duration time, Supplier<Future<List<Claimed>>> look, Consumer<Runnable> hangUp) {
    Waiting one = new Waiting(new Place(order.environment(), order.queue()), look);
    hangUp.accept(one::giveUp);
    waiting.computeIfAbsent(one.place, place -> new ArrayDeque<>()).add(one);
    one.timer = vertx.setTimer(Math.max(1, time.toMillis()), fired -> one.giveUp());
    one.look();
    return one.found.future();
  }

  /** Hears what the log tells. */
  public void hear(ChangeBatch batch) {
    if (waiting.isEmpty()) {
      return;
    }
    for (ChangeBatch.Entry entry : batch.entries()) {
      if (entry instanceof ChangeBatch.Committed committed) {
        committed.changes().forEach(this::hear);
      } else if (entry instanceof ChangeBatch.Oversized large) {
        all().stream()
            .filter(one -> large.environments().contains(one.place.environment()))
            .forEach(one -> one.wake(large.xid()));
      } else if (entry instanceof ChangeBatch.Horizon horizon) {
        all().forEach(one -> one.pass(horizon.xmin()));
      }
    }
  }

  /** A run that has entered its queue, or left a place that somebody else may take. */
  private void hear(RunChanged change) {
    RunStatus now = change.run().status();
    RunStatus before = change.prevStatus();
    boolean queued = now == RunStatus.PENDING && (change.inserted() || before != null);
    boolean left = before != null && HELD.contains(before) && !HELD.contains(now);
    if (!queued && !left) {
      return;
    }
    Deque<Waiting> line =
        waiting.get(new Place(change.run().environment(), change.run().facts().queue()));
    if (line != null) {
      wakeFirst(line, change.xid());
    }
  }

  private static void wakeFirst(Deque<Waiting> line, long xid) {
    Waiting first = line.removeFirst();
    line.addLast(first);
    first.wake(xid);
  }

  /** Answers all, with nothing. */
  public void endAll() {
    all().forEach(Waiting::giveUp);
  }

  private List<Waiting> all() {
    List<Waiting> all = new ArrayList<>();
    waiting.values().forEach(all::addAll);
    return all;
  }

  /** One that waits. */
  private final class Waiting {
    private final Place place;
    private final Supplier<Future<List<Claimed>>> claim;
    private final Promise<List<Claimed>> found = Promise.promise();
    private long timer;
    private long nextLook = -1;
    private boolean looking;
    private boolean again;
    private boolean over;
    private long owed;

    Waiting(Place place, Supplier<Future<List<Claimed>>> claim) {
      this.place = place;
      this.claim = claim;
    }

    void wake(long xid) {
      owed = Math.max(owed, xid);
      look();
    }

    void pass(long xmin) {
      if (owed != 0 && owed < xmin) {
        owed = 0;
        look();
      }
    }

    /** Whoever is claiming already is answered with what that gives. */
    void giveUp() {
      over = true;
      if (!looking && !found.future().isComplete()) {
        end(Future.succeededFuture(List.of()));
      }
    }

    void look() {
      if (looking) {
        again = true;
        return;
      }
      looking = true;
      again = false;
      claim.get().onComplete(this::looked);
    }

    private void looked(AsyncResult<List<Claimed>> result) {
      looking = false;
      if (result.failed()) {
        end(Future.failedFuture(result.cause()));
      } else if (over || !result.result().isEmpty()) {
        end(Future.succeededFuture(result.result()));
      } else if (again) {
        look();
      } else {
        vertx.cancelTimer(nextLook);
        nextLook = vertx.setTimer(LOOK_AGAIN_MILLIS, fired -> look());
      }
    }

    private void end(Future<List<Claimed>> result) {
      vertx.cancelTimer(timer);
      vertx.cancelTimer(nextLook);
      Deque<Waiting> line = waiting.get(place);
      if (line != null && line.remove(this) && line.isEmpty()) {
        waiting.remove(place);
      } else if (line != null && again) {
        // What this one was woken for meanwhile is there for the next.
        wakeFirst(line, owed);
      }
      result.onComplete(found);
    }
  }
}
