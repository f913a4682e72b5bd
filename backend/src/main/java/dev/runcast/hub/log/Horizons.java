package dev.runcast.hub.log;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.place.Lsn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The horizons that came back through the stream: the newest, and which one was the newest at a
 * recent place. Owned by the hub's event loop.
 */
final class Horizons {
  private static final int KEPT = 64;

  private record Passed(Lsn lsn, long xmin) {}

  private final Deque<Passed> history = new ArrayDeque<>();
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
}
