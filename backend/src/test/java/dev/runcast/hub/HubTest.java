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
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.testing.Sample;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HubTest {
  private static final Filter EVERYTHING =
      new Filter.ByEnvironment(Sample.ENVIRONMENT, Narrowing.NONE);

  private Instant now = Instant.EPOCH;
  private final Hub hub =
      new Hub(
          new Hub.Budgets(100_000, 100_000, 3_000, Duration.ofSeconds(60), Duration.ofSeconds(3)),
          () -> now);
  private final RecordingResync resync = new RecordingResync();
  private long lsn = 1;

  @BeforeEach
  void hearTwoHorizons() {
    horizon(100);
    horizon(100);
  }

  @Test
  void saysThatTheLogIsSilentAndThatItIsHeardAgain() {
    RecordingSink sink = new RecordingSink();
    liveAt(sink, new SubscriptionOptions(null, false, false));
    sink.events();

    passes(3);
    hub.tick();
    assertThat(hub.isStale()).as("not for longer than the limit").isFalse();
    passes(1);
    hub.tick();
    hub.tick();

    assertThat(hub.isStale()).isTrue();
    assertThat(sink.frames).containsExactly(new Frame.Stale(Instant.EPOCH));
    sink.events();
    change(Sample.run("a").xid(101));
    assertThat(hub.isStale()).as("only a horizon proves that the leader lives").isTrue();
    horizon(102);
    assertThat(hub.isStale()).isFalse();
    assertThat(sink.events()).containsExactly("run", "live");
    passes(2);
    hub.tick();
    assertThat(hub.isStale()).isFalse();
  }

  @Test
  void whoComesWhileTheLogIsSilentIsToldSo() {
    passes(10);
    hub.tick();
    RecordingSink sink = new RecordingSink();

    hub.add(subscription(sink, new SubscriptionOptions(null, false, false)));

    assertThat(sink.events()).containsExactly("stale");
  }

  @Test
  void hangsUpOnWhoTakesNothingForTooLongAndOnNobodyElse() {
    RecordingSink stuck = new RecordingSink();
    RecordingSink slow = new RecordingSink();
    RecordingSink idle = new RecordingSink();
    List.of(stuck, slow, idle)
        .forEach(sink -> liveAt(sink, new SubscriptionOptions(null, false, false)));
    stuck.fill();
    slow.fill();
    change(Sample.run("a").xid(101));

    passes(50);
    slow.take();
    passes(10);
    hub.tick();
    assertThat(stuck.closedWith).as("not for longer than the limit").isNull();
    passes(1);
    hub.tick();

    assertThat(stuck.closedWith).isEqualTo(CloseCode.SLOW_CONSUMER);
    assertThat(slow.closedWith).isNull();
    assertThat(idle.closedWith).isNull();
    assertThat(hub.audience().size()).isEqualTo(2);
    passes(49);
    hub.tick();
    assertThat(slow.closedWith).isNull();
    passes(1);
    hub.tick();
    assertThat(slow.closedWith).isEqualTo(CloseCode.SLOW_CONSUMER);
  }

  @Test
  void whoHasTakenEverythingIsNotCountedAsBehind() {
    RecordingSink sink = new RecordingSink();
    liveAt(sink, new SubscriptionOptions(null, false, false));
    sink.fill();
    change(Sample.run("a").xid(101));
    sink.drain();

    passes(120);
    hub.tick();

    assertThat(sink.closedWith).isNull();
  }

  @Test
  void mergesWhatWaitsAndHoldsTheCursorBackUntilItIsSent() {
    RecordingSink sink = new RecordingSink();
    liveAt(sink, new SubscriptionOptions(null, false, false));
    horizon(110);
    sink.fill();
    Position oldest = new Position(new Lsn(lsn + 1), 0);
    change(Sample.run("a").xid(111).version(2).payload(Column.known("p")));
    change(Sample.run("b").xid(112));
    change(Sample.run("a").xid(113).version(3).untouched());
    sink.events();

    sink.drain();

    assertThat(sink.frames)
        .extracting(frame -> ((Frame.RunUpdate) frame).run().id().value())
        .containsExactly("b", "a");
    Frame.RunUpdate merged = (Frame.RunUpdate) sink.frames.get(1);
    assertThat(merged.run().version()).isEqualTo(3);
    assertThat(merged.run().contents().payload()).isEqualTo(Column.known("p"));
    assertThat(sink.cursors.get(0).position())
        .as("b is told while what is older still waits")
        .isLessThan(oldest);
    assertThat(sink.cursors.get(1).position())
        .as("all is told")
        .isEqualTo(new Position(new Lsn(lsn), 0));
  }

  @Test
  void dropsWhatWaitsOverTheBudgetAndReadsAgainOnceTheClientHasDrained() {
    RecordingSink sink = new RecordingSink();
    Subscription subscription = liveAt(sink, new SubscriptionOptions(null, false, false));
    sink.events();
    Cursor before = sink.cursor;
    sink.fill();
    for (int i = 0; i < 10; i++) {
      change(Sample.run("r" + i).xid(101 + i).payload(Column.known("x".repeat(500))));
    }

    assertThat(hub.audience().stragglers().givenUp()).isEqualTo(1);
    assertThat(resync.feeds).as("not while nothing can be sent").isZero();
    assertThat(subscription.isIdle()).isFalse();
    sink.drain();

    assertThat(sink.frames).isEmpty();
    assertThat(resync.feeds).isEqualTo(1);
    assertThat(subscription.lastCursor()).isEqualTo(before);
  }

  @Test
  void readsAgainAtTheNextHorizonWhenTooManyRunsWaitToBeRead() {
    RecordingSink sink = new RecordingSink();
    liveAt(sink, new SubscriptionOptions(null, true, false));
    for (int i = 0; i < 10; i++) {
      change(Sample.run("r" + i).xid(101 + i).untouched());
    }
    assertThat(resync.runs).contains(new RunId("r0"));
    assertThat(resync.feeds).isZero();

    horizon(120);

    assertThat(resync.feeds).isEqualTo(1);
    assertThat(hub.audience().stragglers().givenUp())
        .as("it is not the client that is slow")
        .isZero();
  }

  @Test
  void hangsUpBehindTheFinalStateOnWhoAskedForThat() {
    RecordingSink sink = new RecordingSink();
    Subscription subscription = liveAt(sink, new SubscriptionOptions(null, false, true));
    change(Sample.run("a").xid(101).version(2));
    assertThat(sink.closedWith).isNull();

    change(Sample.run("a").xid(102).version(3).status(RunStatus.COMPLETED_SUCCESSFULLY));
    change(Sample.run("a").xid(103).version(4).status(RunStatus.DELETED));

    assertThat(sink.closedWith).isEqualTo(CloseCode.RUN_FINISHED);
    assertThat(sink.frames).last().isInstanceOf(Frame.RunUpdate.class);
    assertThat(subscription.isClosed()).isTrue();
    assertThat(hub.audience().size()).isZero();
  }

  @Test
  void theNextPageOfAReadWaitsUntilTheClientHasTakenTheOneBefore() {
    RecordingSink sink = new RecordingSink();
    Subscription subscription = subscription(sink, new SubscriptionOptions(null, false, false));
    hub.add(subscription);
    CatchUp reading = subscription.reopen();
    boolean[] asked = new boolean[1];
    sink.fill();
    reading.emit(new SharedFrame(new Frame.Live()), null);

    reading.whenDrained(() -> asked[0] = true);
    assertThat(asked[0]).isFalse();
    sink.drain();

    assertThat(asked[0]).isTrue();
  }

  @Test
  void countsGapsAndReadsEverybodyAgain() {
    RecordingSink sink = new RecordingSink();
    liveAt(sink, new SubscriptionOptions(null, false, false));

    lsn += 5;
    horizon(105);

    assertThat(hub.heard().gapCount()).isEqualTo(1);
    assertThat(resync.feeds).isEqualTo(1);
  }

  @Test
  void whoResumedHearsARestoredLogFromItsStart() {
    RecordingSink sink = new RecordingSink();
    Subscription subscription = subscription(sink, new SubscriptionOptions(null, false, false));
    hub.add(subscription);
    subscription.open().resume(hub.heard().now().orElseThrow());
    Incarnation restored = new Incarnation(2, 1);
    hub.dispatch(new ChangeBatch(restored, 1, Lsn.ZERO, Lsn.ZERO, List.of()));
    assertThat(resync.feeds).isEqualTo(1);
    Pin pin = hub.heard().pin();
    subscription.open().goLive(new Visibility(90, 90, Set.of()), pin);
    hub.heard().unpin(pin);
    sink.events();

    RunChanged change = Sample.run("a").xid(95).version(2).updated(1, 0);
    hub.dispatch(
        new ChangeBatch(
            restored,
            1,
            Lsn.ZERO,
            new Lsn(1),
            List.of(new ChangeBatch.Committed(new Lsn(1), 95, Instant.EPOCH, List.of(change)))));

    assertThat(resync.runs).as("a hole is open: the change names a run to read").hasSize(1);
  }

  @Test
  void whoWaitsForAHorizonIsCalledWithTheFirst() {
    Hub fresh = new Hub(Hub.Budgets.DEFAULT, () -> now);
    int[] called = new int[1];

    fresh.heard().horizons().whenKnown(() -> called[0]++);
    assertThat(called[0]).isZero();
    fresh.dispatch(
        new ChangeBatch(
            new Incarnation(1, 1),
            1,
            new Lsn(1),
            new Lsn(2),
            List.of(new ChangeBatch.Horizon(new Lsn(2), 50, 60))));
    fresh.heard().horizons().whenKnown(() -> called[0]++);

    assertThat(called[0]).isEqualTo(2);
  }

  @Test
  void everybodyIsHungUpOnWhenTheNodeGoesDown() {
    RecordingSink one = new RecordingSink();
    RecordingSink two = new RecordingSink();
    liveAt(one, new SubscriptionOptions(null, false, false));
    hub.add(subscription(two, new SubscriptionOptions(null, false, false)));

    hub.endAll(CloseCode.SHUTDOWN);

    assertThat(List.of(one.closedWith, two.closedWith)).containsOnly(CloseCode.SHUTDOWN);
    assertThat(hub.audience().size()).isZero();
  }

  private Subscription subscription(RecordingSink sink, SubscriptionOptions options) {
    return new Subscription(hub, EVERYTHING, sink, resync, options);
  }

  /** A subscription that was read for, with everything proven. */
  private Subscription liveAt(RecordingSink sink, SubscriptionOptions options) {
    Subscription subscription = subscription(sink, options);
    hub.add(subscription);
    Pin pin = hub.heard().pin();
    subscription.open().goLive(new Visibility(100, 100, Set.of()), pin);
    hub.heard().unpin(pin);
    assertThat(subscription.isSettled()).isTrue();
    return subscription;
  }

  private void passes(long seconds) {
    now = now.plusSeconds(seconds);
  }

  private void horizon(long xmin) {
    dispatch(new ChangeBatch.Horizon(new Lsn(lsn + 1), xmin, xmin));
  }

  private void change(Sample run) {
    RunChanged change = run.updated(lsn + 1, 0);
    dispatch(
        new ChangeBatch.Committed(new Lsn(lsn + 1), run.xid(), Instant.EPOCH, List.of(change)));
  }

  private void dispatch(ChangeBatch.Entry entry) {
    hub.dispatch(
        new ChangeBatch(new Incarnation(1, 1), 1, new Lsn(lsn), entry.lsn(), List.of(entry)));
    lsn++;
  }
}
