package dev.runcast.http.dev.notice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.dev.notice.Notices.Followed;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Entry;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Visibility;
import dev.runcast.testing.Sample;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told what, and not before it can be read. */
class NoticesTest {
  private static final RunId A = new RunId("run_a");
  private static final RunId B = new RunId("run_b");

  private final Deque<Promise<Visibility>> reads = new ArrayDeque<>();
  private final Deque<Runnable> timers = new ArrayDeque<>();
  private final Notices notices =
      new Notices(
          () -> {
            Promise<Visibility> read = Promise.promise();
            reads.add(read);
            return read.future();
          },
          (millis, task) -> timers.add(task));
  private final List<RunId> told = new ArrayList<>();
  private final Consumer<RunId> follower = told::add;
  private long lsn = 8;

  @BeforeEach
  void follow() {
    notices.follow(followed("run_a"), follower);
    hear();
  }

  private static Followed followed(String run) {
    return new Followed(Sample.ENVIRONMENT, new RunId(run));
  }

  private static RunChanged change(String run, RunStatus before, RunStatus now) {
    return Sample.run(run).status(now).updated(8, 0, before == now ? null : before, null);
  }

  private static RunChanged resumed(String run) {
    return change(run, RunStatus.WAITING_TO_RESUME, RunStatus.EXECUTING);
  }

  private void hear(RunChanged... changes) {
    hear(100, changes);
  }

  private void hear(long xid, RunChanged... changes) {
    hear(lsn, new Committed(new Lsn(lsn + 8), xid, Instant.EPOCH, List.of(changes)));
  }

  private void hear(long prev, Entry... entries) {
    lsn += 8;
    notices.hear(
        new ChangeBatch(new Incarnation(1, 7), 1, new Lsn(prev), new Lsn(lsn), List.of(entries)));
  }

  /** A read shows all transactions below this one. */
  private void read(long next) {
    reads.remove().complete(new Visibility(next, next, Set.of()));
  }

  @Test
  void whoFollowsIsToldOfTheEndOfAWaitAndOfACancellation() {
    hear(
        resumed("run_a"),
        change("run_a", RunStatus.EXECUTING, RunStatus.CANCELED),
        resumed("run_b"));
    read(101);

    assertThat(told).containsExactly(A);
  }

  @Test
  void whatItsWorkerHasDoneItselfIsNotTold() {
    hear(
        change("run_a", RunStatus.DEQUEUED, RunStatus.EXECUTING),
        change("run_a", RunStatus.EXECUTING, RunStatus.WAITING_TO_RESUME),
        change("run_a", RunStatus.EXECUTING, RunStatus.EXECUTING),
        change("run_a", RunStatus.EXECUTING, RunStatus.COMPLETED_SUCCESSFULLY),
        change("run_a", RunStatus.CANCELED, RunStatus.CANCELED));

    assertThat(reads).isEmpty();
  }

  @Test
  void anotherEnvironmentsRunOfTheSameNameIsAnother() {
    notices.follow(new Followed(new EnvironmentId("env_2"), new RunId("run_b")), follower);
    hear(resumed("run_b"));

    assertThat(reads).isEmpty();
  }

  @Test
  void nobodyIsToldBeforeItCanBeRead() {
    hear(200, resumed("run_a"));
    read(200);
    assertThat(told).isEmpty();

    timers.remove().run();
    read(201);
    assertThat(told).containsExactly(A);
    assertThat(timers).isEmpty();
  }

  @Test
  void whatComesWhileItIsAskedWaitsForTheNextAnswer() {
    notices.follow(followed("run_b"), follower);
    hear(100, resumed("run_a"));
    hear(200, resumed("run_b"));
    assertThat(reads).hasSize(1);

    read(150);
    assertThat(told).containsExactly(A);
    timers.remove().run();
    read(201);
    assertThat(told).containsExactly(A, B);
  }

  @Test
  void whereNothingCanBeReadItIsToldAtOnce() {
    hear(resumed("run_a"));
    reads.remove().fail("away");

    assertThat(told).containsExactly(A);
  }

  @Test
  void whoHasLeftIsToldNothing() {
    hear(resumed("run_a"));
    notices.leave(followed("run_a"), follower);
    read(101);
    hear(resumed("run_a"));

    assertThat(told).isEmpty();
    assertThat(reads).isEmpty();
  }

  @Test
  void whoLeavesWhileOthersAreToldIsToldNothing() {
    List<RunId> toldOther = new ArrayList<>();
    Consumer<RunId> other = toldOther::add;
    notices.follow(followed("run_a"), other);
    notices.leave(followed("run_a"), follower);
    hear(resumed("run_a"));
    read(101);

    assertThat(told).isEmpty();
    assertThat(toldOther).containsExactly(A);
  }

  @Test
  void aGapConcernsEveryRun() {
    hear(lsn + 100, new Committed(new Lsn(lsn + 8), 100, Instant.EPOCH, List.of()));
    read(2);

    assertThat(told).containsExactly(A);
  }

  @Test
  void whatAnotherHistoryToldIsNotWaitedFor() {
    hear(1_000, resumed("run_a"));
    notices.hear(new ChangeBatch(new Incarnation(2, 8), 2, new Lsn(8), new Lsn(16), List.of()));
    read(2);

    assertThat(told).containsExactly(A);
    assertThat(timers).isEmpty();
  }

  @Test
  void aTransactionThatWasTooLargeConcernsItsEnvironments() {
    hear(lsn, new Oversized(new Lsn(lsn + 8), 100, Set.of(Sample.ENVIRONMENT), null));
    read(101);
    assertThat(told).containsExactly(A);

    hear(lsn, new Oversized(new Lsn(lsn + 8), 101, Set.of(new EnvironmentId("env_2")), null));
    assertThat(reads).isEmpty();
  }
}
