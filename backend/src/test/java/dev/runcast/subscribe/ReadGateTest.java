package dev.runcast.subscribe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.hub.Hub;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.testing.Bearers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadGateTest {
  private final Hub hub = new Hub(Hub.Budgets.DEFAULT, InstantSource.fixed(Instant.EPOCH));
  private final ReadGate gate = new ReadGate(1, hub, Bearers.watch(hub));
  private final List<String> begun = new ArrayList<>();
  private final List<Promise<String>> reads = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();

  @Test
  void makesOnlySoManyReadsAtOnceAndTheOthersInTurn() {
    ask("a", "first");
    ask("b", "second");
    ask("c", "third");
    assertThat(begun).containsExactly("a");

    answer(0, "A");
    assertThat(begun).containsExactly("a", "b");
    fail(1);
    answer(2, "C");

    assertThat(answers).containsExactly("first A", "second failed", "third C");
  }

  @Test
  void readsOnceForAllWhoWaitForTheSame() {
    ask("a", "first");
    ask("b", "second");
    ask("b", "third");

    answer(0, "A");
    answer(1, "B");

    assertThat(begun).containsExactly("a", "b");
    assertThat(answers).containsExactly("first A", "second B", "third B");
  }

  @Test
  void readsAnewForWhoAsksWhenTheReadHasBegun() {
    ask("a", "first");
    ask("a", "second");

    answer(0, "old");
    answer(1, "new");

    assertThat(answers).containsExactly("first old", "second new");
  }

  @Test
  void givesNoAnswerOfAnEarlierReplicationSession() {
    hear(new Incarnation(1, 1), 1, 10, 11);
    ask("a", "first");
    hear(new Incarnation(1, 1), 2, 11, 12);
    answer(0, "old");

    ask("b", "second");
    answer(1, "new");

    assertThat(answers).containsExactly("first failed", "second new");
  }

  @Test
  void givesNoAnswerOfAHistoryBeforeARestoreThatCountsItsSessionsAgain() {
    hear(new Incarnation(1, 1), 1, 10, 11);
    ask("a", "first");
    hear(new Incarnation(2, 1), 1, 5, 6);

    answer(0, "old");

    assertThat(answers).containsExactly("first failed");
  }

  @Test
  void goesOnThoughOneWhoAsksThrowsAndThoughAReadThrows() {
    ask("a", "first");
    gate.read(
        "b",
        () -> Future.succeededFuture("B"),
        (result, pin) -> {
          throw new IllegalStateException("a defect");
        });
    ask("b", "second");
    gate.<String>read(
        "c",
        () -> {
          throw new IllegalStateException("a defect");
        },
        (result, pin) -> answers.add("third " + result.cause().getMessage()));
    ask("d", "fourth");

    assertThatThrownBy(() -> answer(0, "A")).hasMessage("a defect");
    answer(1, "D");

    assertThat(answers).containsExactly("first A", "second B", "third a defect", "fourth D");
  }

  private void ask(String key, String who) {
    gate.read(
        key,
        () -> {
          begun.add(key);
          Promise<String> read = Promise.promise();
          reads.add(read);
          return read.future();
        },
        (result, pin) -> answers.add(who + " " + (result.failed() ? "failed" : result.result())));
  }

  private void answer(int read, String text) {
    reads.get(read).complete(text);
  }

  private void fail(int read) {
    Future<String> failed = reads.get(read).future();
    reads.get(read).fail("the connection broke");
    assertThat(failed.failed()).isTrue();
  }

  private void hear(Incarnation incarnation, long session, long prev, long last) {
    hub.dispatch(new ChangeBatch(incarnation, session, new Lsn(prev), new Lsn(last), List.of()));
  }
}
