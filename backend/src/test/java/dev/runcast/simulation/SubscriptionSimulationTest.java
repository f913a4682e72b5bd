package dev.runcast.simulation;

import static org.assertj.core.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs the seeded simulation of delivery. A failing seed is named with its whole trace; to run only
 * that one, or more than usual: {@code -Dsimulation.seed=N}, {@code -Dsimulation.seeds=N}.
 */
class SubscriptionSimulationTest {

  @Test
  void everyClientEndsEqualToTheTable() {
    Long only = Long.getLong("simulation.seed");
    int seeds = Integer.getInteger("simulation.seeds", 4_000);
    (only == null ? LongStream.range(0, seeds) : LongStream.of(only))
        .forEach(SubscriptionSimulationTest::runSeed);
  }

  private static void runSeed(long seed) {
    Simulation simulation = new Simulation(seed);
    try {
      simulation.run();
    } catch (AssertionError | RuntimeException wrong) {
      fail("seed " + seed + ": " + wrong + "\n" + String.join("\n", simulation.trace), wrong);
    }
  }
}
