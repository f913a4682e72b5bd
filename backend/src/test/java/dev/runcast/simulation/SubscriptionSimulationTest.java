package dev.runcast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs the seeded simulation of delivery. The first failing seed is named with its whole trace; to
 * run only that one, or more than usual: {@code -Dsimulation.seed=N}, {@code -Dsimulation.seeds=N}.
 * What each rule costs to leave out is in docs/SIMULATION.md.
 */
class SubscriptionSimulationTest {

  @Test
  void everyClientEndsEqualToTheTable() {
    Long only = Long.getLong("simulation.seed");
    int seeds = Integer.getInteger("simulation.seeds", 5_000);
    LongStream chosen = only == null ? LongStream.range(0, seeds) : LongStream.of(only);

    // Each seed is a world of its own: what one finds does not depend on the others beside it.
    Optional<String> wrong =
        chosen
            .parallel()
            .mapToObj(SubscriptionSimulationTest::wrongWith)
            .flatMap(Optional::stream)
            .findFirst();

    assertThat(wrong).isEmpty();
  }

  private static Optional<String> wrongWith(long seed) {
    try {
      new Simulation(seed, new Trace(false)).run();
      return Optional.empty();
    } catch (AssertionError | RuntimeException wrong) {
      return Optional.of("seed " + seed + ": " + wrong + "\n" + traceOf(seed));
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
