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
    int seeds = Integer.getInteger("simulation.seeds", 6_000);
    (only == null ? LongStream.range(0, seeds) : LongStream.of(only))
        .forEach(SubscriptionSimulationTest::runSeed);
  }

  private static void runSeed(long seed) {
    try {
      new Simulation(seed, new Trace(false)).run();
    } catch (AssertionError | RuntimeException wrong) {
      fail("seed " + seed + ": " + wrong + "\n" + traceOf(seed), wrong);
    }
  }

  private static Trace traceOf(long seed) {
    Trace trace = new Trace(true);
    try {
      new Simulation(seed, trace).run();
    } catch (AssertionError | RuntimeException asBefore) {
      trace.add(asBefore::toString);
    }
    return trace;
  }
}
