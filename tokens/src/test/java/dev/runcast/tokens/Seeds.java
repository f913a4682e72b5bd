package dev.runcast.tokens;

import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Runs a property on many seeded sources of chance, and names the seed of a failure. */
final class Seeds {
  private Seeds() {}

  static void each(int count, Consumer<Random> property) {
    LongStream.range(0, count).forEach(seed -> once(seed, property));
  }

  private static void once(long seed, Consumer<Random> property) {
    try {
      property.accept(new Random(seed));
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError("failed with seed " + seed, failure);
    }
  }
}
