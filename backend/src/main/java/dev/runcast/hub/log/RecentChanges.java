package dev.runcast.hub.log;

import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The ring: the transactions of the recent past, bounded by weight, and beside them those that left
 * this window while a read under way, or one yet to begin, may still fail to show them. Owned by
 * the hub's event loop.
 */
final class RecentChanges {
  private final long windowBudget;
  private final long unprovenBudget;
  private final Deque<Committed> window = new ArrayDeque<>();
  private final Deque<Committed> unproven = new ArrayDeque<>();
  private final PriorityQueue<Long> pins = new PriorityQueue<>();
  private long windowWeight;
  private long unprovenWeight;
  private long provenBefore;
  private Lsn start = Lsn.ZERO;

  /** Budgets in bytes, as {@link dev.runcast.run.Run#weight} counts them. */
  RecentChanges(long windowBudget, long unprovenBudget) {
    this.windowBudget = windowBudget;
    this.unprovenBudget = unprovenBudget;
  }

  /** Forgets everything: what comes next begins behind this place. */
  void restartAt(Lsn lsn) {
    window.clear();
    unproven.clear();
    windowWeight = 0;
    unprovenWeight = 0;
    provenBefore = 0;
    start = lsn;
  }

  void add(Committed transaction) {
    window.addLast(transaction);
    windowWeight += weight(transaction);
  }

  /** Nobody may resume across this place, though what is unproven stays for replays. */
  void barrierAt(Lsn lsn) {
    while (!window.isEmpty()) {
      setAside(shift());
    }
    start = lsn;
  }

  /** While a read is under way, keeps what was unproven when it began. */
  void pin(long horizon) {
    pins.add(horizon);
  }

  void unpin(long horizon) {
    pins.remove(horizon);
  }

  /**
   * Brings the ring back within its budgets.
   *
   * @return the greatest xid that was let go although it is not yet proven visible; 0 if none was
   */
  long trim(long horizon) {
    while (windowWeight > windowBudget) {
      setAside(shift());
    }
    long proven = pins.isEmpty() ? horizon : Math.min(horizon, pins.peek());
    if (proven != provenBefore) {
      provenBefore = proven;
      unproven.removeIf(this::isProven);
    }
    long letGo = 0;
    while (unprovenWeight > unprovenBudget) {
      Committed oldest = unproven.removeFirst();
      unprovenWeight -= weight(oldest);
      letGo = Math.max(letGo, oldest.xid());
    }
    return letGo;
  }

  private void setAside(Committed transaction) {
    if (transaction.xid() >= provenBefore) {
      unproven.addLast(transaction);
      unprovenWeight += weight(transaction);
    }
  }

  private boolean isProven(Committed transaction) {
    boolean proven = transaction.xid() < provenBefore;
    if (proven) {
      unprovenWeight -= weight(transaction);
    }
    return proven;
  }

  /** Whether every change after this place is here, the rest of its own transaction included. */
  boolean coversAllAfter(Position position) {
    int order = position.lsn().compareTo(start);
    return order > 0 || (order == 0 && position.isEnd());
  }

  /** The transactions behind a covered place, in order; of the first, some may lie before it. */
  void transactionsAfter(Position position, Consumer<Committed> consumer) {
    for (Committed transaction : List.copyOf(window)) {
      if (!position.lsn().isAfter(transaction.lsn())) {
        consumer.accept(transaction);
      }
    }
  }

  /** The transactions that a snapshot does not show, in order. */
  void transactionsNotShownBy(Visibility shown, Consumer<Committed> consumer) {
    everyTransaction(
        transaction -> {
          if (!shown.shows(transaction.xid())) {
            consumer.accept(transaction);
          }
        });
  }

  /** All transactions, in order. */
  void everyTransaction(Consumer<Committed> consumer) {
    List<Committed> all = new ArrayList<>(unproven);
    all.addAll(window);
    all.forEach(consumer);
  }

  private Committed shift() {
    Committed oldest = window.removeFirst();
    windowWeight -= weight(oldest);
    start = oldest.lsn();
    return oldest;
  }

  private static long weight(Committed transaction) {
    return 64 + transaction.weight();
  }
}
