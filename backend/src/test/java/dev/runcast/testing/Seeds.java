package dev.runcast.testing;

import java.util.Random;
import java.util.function.Consumer;

/** Runs a property over many random seeds and names the one that it fails with. */
public final class Seeds {
  private Seeds() {}

  /** Seeds 1 to {@code count}; to repeat a failure, give {@code new Random(seed)} by hand. */
  public static void each(int count, Consumer<Random> property) {
    for (long seed = 1; seed <= count; seed++) {
      try {
        property.accept(new Random(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("fails with seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }
}
