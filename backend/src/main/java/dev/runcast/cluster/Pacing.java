package dev.runcast.cluster;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.place.Lsn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the tail from running far ahead of the subscribers of its own node: a backlog of hours is
 * read from the log faster than event loops route it. Not a promise: who is stuck is not waited for
 * longer than {@link #PATIENCE}, well below the silence at which Postgres drops the tail.
 */
final class Pacing {
  static final int WINDOW = 16;
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Once somebody was waited for in vain, nobody is for this many times the patience. */
  private static final int PATIENCES_OF_PAUSE = 20;

  private static final long LOOK_EVERY_NANOS = 100_000;

  /** How far along the log of one replication session. */
  record Mark(long session, Lsn last) {
    static final Mark NONE = new Mark(-1, Lsn.ZERO);

    static Mark of(ChangeBatch batch) {
      return new Mark(batch.session(), batch.last());
    }

    boolean isBefore(Mark other) {
      return session < other.session || (session == other.session && other.last.isAfter(last));
    }
  }

  private record Sent(Mark mark, long weight) {}

  /** The newest batches that were let through. Owned by the publishing thread. */
  private final Deque<Sent> recent = new ArrayDeque<>();

  /** What those in {@link #recent} weigh together. */
  private long recentWeight;

  private final long windowBytes;

  private volatile Mark newest = Mark.NONE;
  private final long patienceNanos;
  private long pausedUntilNanos = System.nanoTime();

  /**
   * @param windowBytes what may be on its way, beside one batch of any size
   */
  Pacing(Duration patience, long windowBytes) {
    this.windowBytes = windowBytes;
    this.patienceNanos = patience.toNanos();
  }

  /**
   * Returns once no subscriber is {@link #WINDOW} batches, or more bytes than the window, behind;
   * or after the patience.
   */
  void await(Collection<ChangeBus.Subscriber> subscribers, ChangeBatch next) {
    long weight = next.weight();
    Mark mustHavePassed = null;
    while (!recent.isEmpty() && (recent.size() == WINDOW || recentWeight + weight > windowBytes)) {
      Sent oldest = recent.removeFirst();
      recentWeight -= oldest.weight;
      mustHavePassed = oldest.mark;
    }
    if (mustHavePassed != null) {
      awaitPassing(subscribers, mustHavePassed);
    }
    newest = Mark.of(next);
    recent.addLast(new Sent(newest, weight));
    recentWeight += weight;
  }

  /** Where who joins now begins: what was let through before is not theirs to catch up with. */
  Mark newest() {
    return newest;
  }

  private void awaitPassing(Collection<ChangeBus.Subscriber> subscribers, Mark mark) {
    long start = System.nanoTime();
    if (start - pausedUntilNanos < 0) {
      return;
    }
    while (isAnyBefore(subscribers, mark)) {
      if (System.nanoTime() - start > patienceNanos) {
        pausedUntilNanos = System.nanoTime() + PATIENCES_OF_PAUSE * patienceNanos;
        return;
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private static boolean isAnyBefore(Collection<ChangeBus.Subscriber> subscribers, Mark mark) {
    for (ChangeBus.Subscriber subscriber : subscribers) {
      if (subscriber.done().isBefore(mark)) {
        return true;
      }
    }
    return false;
  }
}
