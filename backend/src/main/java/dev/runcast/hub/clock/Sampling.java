package dev.runcast.hub.clock;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.ToLongBiFunction;

/**
 * When the next news that a sampling subscription has put off is due, for all subscriptions of a
 * hub: one timer serves them all, and none runs while nothing was told to anybody who samples.
 * Owned by the hub's event loop.
 *
 * @param <T> the subscriptions
 */
public final class Sampling<T> {
  /** What is due at nearly the same time is served by one waking. */
  private static final long SHORTEST_SLEEP = 10;

  /** So that a timer that an earlier one replaces is not kept for long. */
  private static final long LONGEST_SLEEP = 1_000;

  private record Due<T>(T subscription, long at, long number) {}

  private final InstantSource clock;
  private final BiConsumer<Duration, Runnable> later;
  private final ToLongBiFunction<T, Long> teller;
  private final Map<T, Due<T>> dues = new HashMap<>();
  private final TreeSet<Due<T>> order =
      new TreeSet<>(Comparator.<Due<T>>comparingLong(Due::at).thenComparingLong(Due::number));
  private long numbers;
  private long latest;

  /** Which timer counts; 0 while none runs. */
  private long timer;

  private long timers;
  private long wakesAt;

  /**
   * @param later runs something on this event loop after so long
   * @param teller has one of them told what is due by then; answers when more will be, never for
   *     {@link Long#MAX_VALUE}
   */
  public Sampling(
      InstantSource clock, BiConsumer<Duration, Runnable> later, ToLongBiFunction<T, Long> teller) {
    this.clock = clock;
    this.later = later;
    this.teller = teller;
  }

  /** In milliseconds since 1970. */
  public long now() {
    return clock.millis();
  }

  /** Has the subscription woken at its time, or earlier if it is expected earlier already. */
  public void expect(T subscription, long at) {
    if (!dues.containsKey(subscription)) {
      Due<T> due = new Due<>(subscription, at, numbers++);
      dues.put(subscription, due);
      order.add(due);
      sleep();
    }
  }

  /** It is closed. */
  public void forget(T subscription) {
    Due<T> due = dues.remove(subscription);
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
    for (Due<T> due : takeDue(until)) {
      long next = teller.applyAsLong(due.subscription, until);
      if (next != Long.MAX_VALUE) {
        expect(due.subscription, next);
      }
    }
    sleep();
  }

  private List<Due<T>> takeDue(long until) {
    List<Due<T>> taken = new ArrayList<>();
    while (!order.isEmpty() && order.first().at <= until) {
      Due<T> due = order.first();
      forget(due.subscription);
      taken.add(due);
    }
    return taken;
  }
}
