package dev.runcast.hub.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private final Arrivals arrivals = new Arrivals();
  private final List<String> told = new ArrayList<>();

  @Test
  void whatWasHeardNeedsNoWaiting() {
    assertThat(arrivals.hasHeard(7)).isFalse();

    arrivals.hear(7);

    assertThat(arrivals.hasHeard(7)).isTrue();
    assertThat(arrivals.hasHeard(6)).as("ids are not in the order of commits").isFalse();
  }

  @Test
  void aHorizonProvesAllThatLiesBelow() {
    arrivals.await(8, () -> told.add("8"));
    arrivals.await(9, () -> told.add("9"));
    arrivals.pass(9);
    arrivals.tell();

    assertThat(arrivals.hasHeard(8)).isTrue();
    assertThat(arrivals.hasHeard(9)).isFalse();
    assertThat(told).containsExactly("8");
  }

  @Test
  void whoWaitsIsToldOnceAllAreAndOnlyOnce() {
    arrivals.await(7, () -> told.add("one"));
    arrivals.await(7, () -> told.add("two"));
    arrivals.hear(7);
    assertThat(told).as("first come those who follow").isEmpty();

    arrivals.tell();
    arrivals.hear(7);
    arrivals.pass(100);
    arrivals.tell();

    assertThat(told).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void whoGivesUpIsToldNothing() {
    Runnable waiting = () -> told.add("one");
    arrivals.await(7, waiting);
    arrivals.giveUp(7, waiting);
    arrivals.giveUp(8, waiting);

    arrivals.hear(7);
    arrivals.tell();

    assertThat(told).isEmpty();
  }

  @Test
  void whoWaitsAgainWhenToldIsNotLost() {
    arrivals.await(7, () -> arrivals.await(8, () -> told.add("8")));
    arrivals.hear(7);
    arrivals.tell();
    arrivals.hear(8);
    arrivals.tell();

    assertThat(told).containsExactly("8");
  }

  @Test
  void theOldestAreForgottenUntilAHorizonProvesThem() {
    for (long xid = 1; xid <= 5000; xid++) {
      arrivals.hear(xid);
    }

    assertThat(arrivals.hasHeard(5000)).isTrue();
    assertThat(arrivals.hasHeard(1)).isFalse();
    arrivals.pass(2);
    assertThat(arrivals.hasHeard(1)).isTrue();
  }

  @Test
  void anotherHistoryProvesNothingOfThisOne() {
    arrivals.hear(7);
    arrivals.pass(7);

    arrivals.forget();

    assertThat(arrivals.hasHeard(7)).isFalse();
    assertThat(arrivals.hasHeard(3)).isFalse();
  }
}
