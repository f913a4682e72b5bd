package dev.runcast.hub;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * When the next news that a sampling subscription has put off is due, for all subscriptions of a
 * hub: one timer serves them all, and none runs while nothing was told to anybody who samples.
 * Owned by the hub's event loop.
 */
final class Sampling {
  /** What is due at nearly the same time is served by one waking. */
  private static final long SHORTEST_SLEEP = 10;

  /** So that a timer that an earlier one replaces is not kept for long. */
  private static final long LONGEST_SLEEP = 1_000;

  private record Due(Subscription subscription, long at, long number) {}

  private final InstantSource clock;
  private final BiConsumer<Duration, Runnable> later;
  private final Map<Subscription, Due> dues = new HashMap<>();
  private final TreeSet<Due> order =
      new TreeSet<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
  private long numbers;
  private long latest;

  /** Which timer counts; 0 while none runs. */
  private long timer;

  private long timers;
  private long wakesAt;

  /**
   * @param later runs something on this event loop after so long
   */
  Sampling(InstantSource clock, BiConsumer<Duration, Runnable> later) {
    this.clock = clock;
    this.later = later;
  }

  /** In milliseconds since 1970. */
  long now() {
    return clock.millis();
  }

  /** Has the subscription woken at its time, or earlier if it is expected earlier already. */
  void expect(Subscription subscription, long at) {
    if (!dues.containsKey(subscription)) {
      Due due = new Due(subscription, at, numbers++);
      dues.put(subscription, due);
      order.add(due);
      sleep();
    }
  }

  /** It is closed. */
  void forget(Subscription subscription) {
    Due due = dues.remove(subscription);
    if (due != null) {
      order.remove(due);
    }
  }

  private void sleep() {
    if (order.isEmpty()) {
      return;
    }
    long now = now();
    latest = Math.max(latest, now);
    long left = Math.max(SHORTEST_SLEEP, Math.min(LONGEST_SLEEP, order.first().at - now));
    if (timer == 0 || now + left < wakesAt) {
      long mine = ++timers;
      timer = mine;
      wakesAt = now + left;
      later.accept(Duration.ofMillis(left), () -> wake(mine));
    }
  }

  private void wake(long mine) {
    if (timer != mine) {
      return;
    }
    timer = 0;
    long now = now();
    // Of a clock that was set back nobody knows when anything is due: then all of it is.
    long until = now < latest ? Long.MAX_VALUE : now;
    latest = now;
    for (Due due : takeDue(until)) {
      long next = due.subscription.tellPutOff(until);
      if (next != Long.MAX_VALUE) {
        expect(due.subscription, next);
      }
    }
    sleep();
  }

  private List<Due> takeDue(long until) {
    List<Due> taken = new ArrayList<>();
    while (!order.isEmpty() && order.first().at <= until) {
      Due due = order.first();
      forget(due.subscription);
      taken.add(due);
    }
    return taken;
  }
}
