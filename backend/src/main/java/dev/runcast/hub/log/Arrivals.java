package dev.runcast.hub.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which transactions were heard, and who waits for one: for those who have written something and
 * want to read it back. What lies below the horizon was heard; of what does not the newest are
 * remembered, and any other is only proven by a horizon. Owned by the hub's event loop.
 */
public final class Arrivals {
  private static final int REMEMBERED = 4096;

  private final long[] recent = new long[REMEMBERED];
  private int oldest;
  private long passed;
  private final TreeMap<Long, Set<Runnable>> waiting = new TreeMap<>();
  private final List<Runnable> due = new ArrayList<>();

  /** A transaction was heard, or of one too large to carry that it was there. */
  void hear(long xid) {
    recent[oldest] = xid;
    oldest = (oldest + 1) % REMEMBERED;
    Set<Runnable> met = waiting.remove(xid);
    if (met != null) {
      due.addAll(met);
    }
  }

  /** A horizon has come: all below it were heard. */
  void pass(long horizon) {
    passed = horizon;
    SortedMap<Long, Set<Runnable>> met = waiting.headMap(horizon);
    met.values().forEach(due::addAll);
    met.clear();
  }

  /** Another history begins: what was heard is of the one before. */
  void forget() {
    passed = 0;
    Arrays.fill(recent, 0);
  }

  /** Runs what those have asked for whose transaction has come; once all are told of it. */
  public void tell() {
    if (!due.isEmpty()) {
      List<Runnable> told = List.copyOf(due);
      due.clear();
      told.forEach(Runnable::run);
    }
  }

  /** Whether what this transaction wrote was heard. */
  public boolean hasHeard(long xid) {
    if (xid < passed) {
      return true;
    }
    for (int back = 1; back <= REMEMBERED; back++) {
      if (recent[Math.floorMod(oldest - back, REMEMBERED)] == xid) {
        return true;
      }
    }
    return false;
  }

  /** Runs the callback once the transaction was heard, unless it is taken back before. */
  public void await(long xid, Runnable callback) {
    waiting.computeIfAbsent(xid, absent -> new HashSet<>()).add(callback);
  }

  /** Waits no longer. */
  public void giveUp(long xid, Runnable callback) {
    Set<Runnable> those = waiting.get(xid);
    if (those != null && those.remove(callback) && those.isEmpty()) {
      waiting.remove(xid);
    }
  }
}
