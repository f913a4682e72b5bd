package dev.runcast.it.harness;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for a condition, within a bound that says "it hangs", not "it is slow". */
public final class Await {
  /** Long enough for a loaded machine of two cores. */
  public static final Duration BOUND = Duration.ofSeconds(90);

  private static final long PAUSE_MS = 10;

  private Await() {}

  /** Returns once the condition holds; an exception in it counts as "not yet". */
  public static void until(String what, Callable<Boolean> condition) {
    until(what, condition, () -> "");
  }

  /**
   * The same.
   *
   * @param details what to print beside the failure
   */
  public static void until(String what, Callable<Boolean> condition, Supplier<String> details) {
    long deadline = System.nanoTime() + BOUND.toNanos();
    Throwable last = null;
    while (System.nanoTime() < deadline) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      pause(PAUSE_MS);
    }
    throw new AssertionError("still waiting for: " + what + "\n" + details.get(), last);
  }

  /** Lets others go on; never what a test's outcome depends on. */
  public static void pause(long milliseconds) {
    try {
      TimeUnit.MILLISECONDS.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
