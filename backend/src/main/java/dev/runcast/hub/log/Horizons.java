package dev.runcast.hub.log;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.place.Lsn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The horizons that came back through the stream: the newest, which one was the newest at a recent
 * place, and who waits for one. Owned by the hub's event loop.
 */
public final class Horizons {
  private static final int KEPT = 64;

  private record Passed(Lsn lsn, long xmin) {}

  private final Deque<Passed> history = new ArrayDeque<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private long newest;
  private long next;

  /** Every transaction with a smaller xid has passed; 0 before the first horizon. */
  long newest() {
    return newest;
  }

  /** A xid that is greater than any that a transaction was given before the newest horizon. */
  long next() {
    return next;
  }

  void pass(ChangeBatch.Horizon passed) {
    newest = Math.max(newest, passed.xmin());
    next = Math.max(next, passed.next());
    history.addLast(new Passed(passed.lsn(), newest));
    if (history.size() > KEPT) {
      history.removeFirst();
    }
  }

  void forget() {
    history.clear();
    newest = 0;
    next = 0;
  }

  /** The newest horizon strictly before a place; 0 if it is no longer known. */
  long before(Lsn lsn) {
    return newestWhere(lsn, -1);
  }

  /** The newest horizon at or before a place; 0 if it is no longer known. */
  long upTo(Lsn lsn) {
    return newestWhere(lsn, 0);
  }

  private long newestWhere(Lsn lsn, int comparison) {
    for (Iterator<Passed> passed = history.descendingIterator(); passed.hasNext(); ) {
      Passed candidate = passed.next();
      if (candidate.lsn.compareTo(lsn) <= comparison) {
        return candidate.xmin;
      }
    }
    return 0;
  }

  /** Runs the callback once one of the present incarnation is known: at once, as a rule. */
  public void whenKnown(Runnable callback) {
    if (newest > 0) {
      callback.run();
    } else {
      atNext(callback);
    }
  }

  /** Runs the callback once the next one has passed. */
  public void atNext(Runnable callback) {
    waiting.add(callback);
  }

  /** One has passed: runs what waits for it; once all others are told. */
  public void tell() {
    List<Runnable> told = List.copyOf(waiting);
    waiting.clear();
    told.forEach(Runnable::run);
  }
}
