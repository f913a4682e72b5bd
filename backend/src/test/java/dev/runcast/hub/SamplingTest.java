package dev.runcast.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.log.Pin;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Column;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.testing.Sample;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client hears that asked for one state of a run in so long. */
class SamplingTest {
  private static final Filter QUEUED_AND_RUNNING =
      new Filter.ByEnvironment(
          Sample.ENVIRONMENT,
          new Narrowing(
              null,
              Set.of(RunStatus.PENDING, RunStatus.EXECUTING, RunStatus.COMPLETED_SUCCESSFULLY),
              Set.of()));
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
  private static final long BUDGET = 12_000;

  /** A timer that was asked for. */
  private record Timer(Instant at, Runnable task) {}

  private Instant now = Instant.ofEpochSecond(1_000_000);
  private final List<Timer> timers = new ArrayList<>();
  private final Hub hub =
      new Hub(
          new Hub.Budgets(100_000, 100_000, BUDGET, Duration.ofSeconds(60), Duration.ofSeconds(3)),
          () -> now,
          (delay, task) -> timers.add(new Timer(now.plus(delay), task)));
  private final RecordingResync resync = new RecordingResync();
  private final RecordingSink sink = new RecordingSink();
  private long lsn = 1;
  private Subscription subscription;

  @BeforeEach
  void goLive() {
    horizon(100);
    horizon(100);
    subscription = live(new SubscriptionOptions(null, true, false, false, HALF_A_SECOND));
  }

  @Test
  void theFirstChangeIsToldAtOnceAndOfThoseSoonAfterOnlyTheLast() {
    change(Sample.run("a").version(2));
    assertThat(told()).containsExactly("a 2");
    pass(100);
    change(Sample.run("a").version(3));
    pass(100);
    change(Sample.run("a").version(4));
    pass(299);
    assertThat(told()).isEmpty();

    pass(11);

    assertThat(told()).containsExactly("a 4");
    pass(2_000);
    assertThat(told()).isEmpty();
    change(Sample.run("a").version(5));
    assertThat(told()).as("it has been quiet for long enough").containsExactly("a 5");
  }

  @Test
  void aRunThatChangesAllTheTimeIsToldOnceInAnInterval() {
    for (int version = 2; version < 102; version++) {
      change(Sample.run("a").version(version));
      pass(50);
    }

    assertThat(told()).hasSizeBetween(9, 11);
  }

  @Test
  void eachRunHasAnIntervalOfItsOwn() {
    change(Sample.run("a").version(2));
    pass(300);
    change(Sample.run("b").version(2));
    change(Sample.run("a").version(3));
    change(Sample.run("b").version(3));
    assertThat(told()).containsExactly("a 2", "b 2");

    pass(210);
    assertThat(told()).containsExactly("a 3");
    pass(300);
    assertThat(told()).containsExactly("b 3");
  }

  @Test
  void aFinalStateIsToldAtOnceWithWhatWasPutOff() {
    change(Sample.run("a").version(2));
    change(Sample.run("a").version(3).payload(Column.known("known")));
    change(Sample.run("a").version(4).status(RunStatus.COMPLETED_SUCCESSFULLY).untouched());

    Frame.RunUpdate last = (Frame.RunUpdate) sink.frames.get(sink.frames.size() - 1);
    assertThat(told()).containsExactly("a 2", "a 4");
    assertThat(last.run().contents().payload()).isEqualTo(Column.known("known"));
    pass(2_000);
    assertThat(told()).isEmpty();
    assertThat(timers).isEmpty();
  }

  @Test
  void aLeaveIsToldAtOnceAndWhatWasPutOffIsNot() {
    change(Sample.run("a").version(2));
    change(Sample.run("a").version(3));
    change(Sample.run("a").version(4).status(RunStatus.WAITING_TO_RESUME), RunStatus.PENDING);
    pass(2_000);

    assertThat(told()).containsExactly("a 2", "leaves a 4");
    assertThat(subscription.isIdle()).isTrue();
  }

  @Test
  void cursorsStayBeforeWhatIsPutOffUntilItIsTold() {
    change(Sample.run("a").version(2));
    change(Sample.run("a").version(3));
    Position putOff = new Position(new Lsn(lsn), 0);
    change(Sample.run("b").version(2));
    change(Sample.run("a").version(4));
    change(Sample.run("c").version(2));
    Position last = new Position(new Lsn(lsn), 0);

    assertThat(told()).containsExactly("a 2", "b 2", "c 2");
    assertThat(sink.cursor.position()).isLessThan(putOff);
    assertThat(subscription.isIdle()).isFalse();
    pass(510);

    assertThat(told()).containsExactly("a 4");
    assertThat(sink.cursor.position()).isEqualTo(last);
    assertThat(subscription.isIdle()).isTrue();
  }

  @Test
  void whatIsPutOffIsDroppedWithAReadOfTheFeed() {
    change(Sample.run("a").version(2));
    change(Sample.run("a").version(3));
    lsn += 5;
    horizon(105);
    assertThat(resync.feeds).isEqualTo(1);

    sink.events();
    pass(2_000);

    assertThat(sink.frames).isEmpty();
  }

  @Test
  void liveIsToldBehindAllThatWasPutOff() {
    change(Sample.run("a").version(2));
    change(Sample.run("a").version(3));
    sink.events();
    pass(10_000);
    hub.tick();
    change(Sample.run("a").version(4));
    change(Sample.run("a").version(5));
    sink.events();

    horizon(106);

    assertThat(sink.events()).containsExactly("run", "live");
  }

  @Test
  void whatWaitsForTheClientIsNotPutOffAgain() {
    change(Sample.run("a").version(2));
    sink.fill();
    change(Sample.run("a").version(3));
    pass(510);
    change(Sample.run("a").version(4));
    sink.events();

    sink.drain();

    assertThat(told()).containsExactly("a 4");
  }

  @Test
  void whatIsPutOffBeyondTheBudgetIsToldEarlyAndNothingIsReadAgain() {
    String wide = "x".repeat(1_000);
    for (int run = 0; run < 20; run++) {
      change(Sample.run("r" + run).version(2));
      change(Sample.run("r" + run).version(3).payload(Column.known(wide)));
    }

    assertThat(told()).contains("r0 2", "r19 2", "r0 3").doesNotContain("r19 3");
    assertThat(hub.audience().stragglers().givenUp()).isZero();
    assertThat(resync.feeds).isZero();
    pass(510);
    assertThat(told()).contains("r19 3").doesNotContain("r0 3");
  }

  @Test
  void remembersNoMoreRunsThanTheBudgetAllows() {
    for (int run = 0; run < 500; run++) {
      change(Sample.run("r" + run).version(2));
    }
    change(Sample.run("r0").version(3));
    change(Sample.run("r499").version(3));

    assertThat(told()).hasSize(501).endsWith("r499 2", "r0 3");
  }

  @Test
  void rowsThatLackAColumnAreReadWhenTheyAreDueAndNotBefore() {
    subscription.close();
    live(new SubscriptionOptions(null, true, true, false, HALF_A_SECOND));
    change(Sample.run("a").version(2));
    change(Sample.run("a").version(3).payload(Column.known("known")));
    change(Sample.run("a").version(4).untouched());
    change(Sample.run("b").version(2));
    change(Sample.run("b").version(3).untouched());
    change(Sample.run("b").version(4).untouched());
    assertThat(told()).containsExactly("a 2", "b 2");
    assertThat(resync.runs).isEmpty();

    pass(510);

    assertThat(told()).as("what was put off before knew the column").containsExactly("a 4");
    assertThat(resync.runs).containsExactly(new RunId("b"));
  }

  @Test
  void aClockThatIsSetBackPutsNothingOffForLonger() {
    change(Sample.run("a").version(2));
    change(Sample.run("a").version(3));
    told();
    now = now.minus(Duration.ofHours(1));
    timers.replaceAll(timer -> new Timer(now, timer.task()));

    pass(1);

    assertThat(told()).containsExactly("a 3");
  }

  @Test
  void oneTimerServesAllAndNoneRunsWhenNothingWasTold() {
    for (int i = 0; i < 20; i++) {
      live(new SubscriptionOptions(null, true, false, false, Duration.ofMillis(500 + i)));
    }
    assertThat(timers).isEmpty();

    change(Sample.run("a").version(2));

    assertThat(timers).hasSize(1);
    pass(5_000);
    assertThat(timers).isEmpty();
  }

  @Test
  void whoIsGoneIsNotWoken() {
    change(Sample.run("a").version(2));
    change(Sample.run("a").version(3));
    subscription.end(CloseCode.SHUTDOWN);
    sink.events();

    pass(5_000);

    assertThat(sink.frames).isEmpty();
    assertThat(timers).isEmpty();
  }

  private Subscription live(SubscriptionOptions options) {
    Subscription made = new Subscription(hub, QUEUED_AND_RUNNING, sink, resync, options);
    hub.add(made);
    Pin pin = hub.heard().pin();
    made.open().goLive(new Visibility(100, 100, Set.of()), pin);
    hub.heard().unpin(pin);
    sink.events();
    return made;
  }

  /** What was told of runs since the last time this was asked. */
  private List<String> told() {
    List<String> told =
        sink.frames.stream()
            .map(
                frame ->
                    frame instanceof Frame.RunUpdate update
                        ? update.run().id() + " " + update.run().version()
                        : "leaves "
                            + ((Frame.Leave) frame).run()
                            + " "
                            + ((Frame.Leave) frame).version())
            .toList();
    sink.frames.clear();
    return told;
  }

  /** So many milliseconds pass, and what is due in them happens. */
  private void pass(long millis) {
    Instant end = now.plusMillis(millis);
    while (true) {
      Timer next =
          timers.stream()
              .filter(timer -> !timer.at.isAfter(end))
              .min((one, other) -> one.at.compareTo(other.at))
              .orElse(null);
      if (next == null) {
        now = end;
        return;
      }
      timers.remove(next);
      now = next.at.isAfter(now) ? next.at : now;
      next.task.run();
    }
  }

  private void horizon(long xmin) {
    dispatch(new ChangeBatch.Horizon(new Lsn(lsn + 1), xmin, xmin));
  }

  private void change(Sample run) {
    change(run, null);
  }

  private void change(Sample run, RunStatus before) {
    RunChanged change = run.xid(100 + lsn).updated(lsn + 1, 0, before, null);
    dispatch(
        new ChangeBatch.Committed(new Lsn(lsn + 1), change.xid(), Instant.EPOCH, List.of(change)));
  }

  private void dispatch(ChangeBatch.Entry entry) {
    hub.dispatch(
        new ChangeBatch(new Incarnation(1, 1), 1, new Lsn(lsn), entry.lsn(), List.of(entry)));
    lsn++;
  }
}
