package dev.runcast.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.log.Pin;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Column;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Visibility;
import dev.runcast.testing.Sample;
import dev.runcast.wire.Frame;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run that enters a feed without all of its columns is read on its own before it is told. */
class RereadTest {
  private static final RunId A = new RunId("a");
  private static final Visibility OLD = new Visibility(100, 101, Set.of(100L));
  private static final Visibility NEW = new Visibility(105, 105, Set.of());

  private final Hub hub = new Hub(Hub.Budgets.DEFAULT, InstantSource.fixed(Instant.EPOCH));
  private final RecordingSink sink = new RecordingSink();
  private final RecordingResync resync = new RecordingResync();
  private final Narrowing executing = new Narrowing(null, Set.of(RunStatus.EXECUTING), Set.of());
  private final Subscription subscription =
      new Subscription(
          hub,
          new Filter.ByEnvironment(Sample.ENVIRONMENT, executing),
          sink,
          resync,
          new SubscriptionOptions(null, false, false));
  private long lsn = 1;

  @BeforeEach
  void aRunEntersOfWhichAColumnIsMissing() {
    horizon(100);
    horizon(100);
    hub.add(subscription);
    goLive(new Visibility(100, 100, Set.of()));
    enters(2, 102);
    sink.events();
  }

  @Test
  void isNotToldBeforeItWasRead() {
    assertThat(resync.runs).containsExactly(A);
    assertThat(subscription.isSettled()).isFalse();

    subscription.intake().readOne(A, 2, NEW, row(2));

    assertThat(sink.frames).containsExactly(new Frame.RunUpdate(row(2), true, null, null));
  }

  @Test
  void isAskedForAgainWithTheNextHorizonWhenTheChangeWasNotVisibleYet() {
    subscription.intake().readOne(A, 2, OLD, row(1));
    subscription.intake().readOne(A, 2, OLD, null);
    assertThat(sink.frames).isEmpty();
    assertThat(resync.runs).as("not at once: that would be a loop").hasSize(1);

    horizon(101);

    assertThat(resync.runs).containsExactly(A, A);
  }

  @Test
  void isAskedForAgainAtOnceWhenMoreNewsCameDuringTheRead() {
    long asked = subscription.intake().versionToRead(A);
    enters(4, 104);
    resync.runs.clear();

    subscription.intake().readOne(A, asked, OLD, row(2));

    assertThat(sink.frames).isEmpty();
    assertThat(resync.runs).containsExactly(A);
    assertThat(subscription.intake().versionToRead(A)).isEqualTo(4);
  }

  @Test
  void isGoneWhenASnapshotThatShowsTheChangeHasNoSuchRow() {
    subscription.intake().readOne(A, 2, NEW, null);

    assertThat(sink.frames)
        .containsExactly(new Frame.Leave(A, Long.MAX_VALUE, Frame.Leave.Reason.DELETED));
  }

  @Test
  void leavesWhenWhatWasReadDoesNotBelongToTheFeedAnyMore() {
    subscription
        .intake()
        .readOne(A, 2, NEW, Sample.run("a").version(3).status(RunStatus.PENDING).row());

    assertThat(sink.frames).containsExactly(new Frame.Leave(A, 3, Frame.Leave.Reason.FILTER));
  }

  @Test
  void hearsNothingAgainThatTheReadHasShown() {
    subscription.intake().readOne(A, 2, NEW, row(3));
    sink.events();

    update(3, 103);
    assertThat(sink.frames).isEmpty();
    assertThat(sink.cursor.position()).as("what was read is not at any place in the log").isNull();
    update(4, 106);

    assertThat(sink.events()).containsExactly("run");
    horizon(107);
    assertThat(subscription.isSettled()).isTrue();
    update(5, 108);
    assertThat(sink.cursor.position()).isNotNull();
  }

  @Test
  void isNotAskedForAnyMoreOnceItHasLeft() {
    leaves(3, 103);
    assertThat(sink.events()).containsExactly("leave");
    assertThat(subscription.intake().versionToRead(A)).isZero();

    subscription.intake().readOne(A, 2, NEW, row(2));

    assertThat(sink.frames).isEmpty();
  }

  @Test
  void whatLeavesWhileAHoleIsOpenIsReadTooForThatMayHideARevocation() {
    take(new ChangeBatch.Oversized(new Lsn(lsn + 1), 120, Set.of(Sample.ENVIRONMENT), null));
    goLive(OLD);
    sink.events();
    resync.runs.clear();
    leaves(3, 103);
    assertThat(sink.frames).isEmpty();
    assertThat(resync.runs).containsExactly(A);

    Run left = Sample.run("a").version(3).status(RunStatus.PENDING).row();
    subscription.intake().readOne(A, 3, NEW, left);

    assertThat(sink.frames).containsExactly(new Frame.Leave(A, 3, Frame.Leave.Reason.FILTER));
  }

  private void goLive(Visibility shown) {
    Pin pin = hub.heard().pin();
    subscription.open().goLive(shown, pin);
    hub.heard().unpin(pin);
  }

  private void leaves(long version, long xid) {
    dispatch(
        Sample.run("a")
            .version(version)
            .xid(xid)
            .status(RunStatus.PENDING)
            .untouched()
            .updated(lsn + 1, 0, RunStatus.EXECUTING, null));
  }

  private static Run row(long version) {
    return Sample.run("a")
        .version(version)
        .status(RunStatus.EXECUTING)
        .payload(Column.known("p" + version))
        .row();
  }

  private void enters(long version, long xid) {
    dispatch(
        Sample.run("a")
            .version(version)
            .xid(xid)
            .status(RunStatus.EXECUTING)
            .untouched()
            .updated(lsn + 1, 0, RunStatus.PENDING, null));
  }

  private void update(long version, long xid) {
    dispatch(
        Sample.run("a")
            .version(version)
            .xid(xid)
            .status(RunStatus.EXECUTING)
            .untouched()
            .updated(lsn + 1, 0));
  }

  private void horizon(long xmin) {
    take(new ChangeBatch.Horizon(new Lsn(lsn + 1), xmin, xmin));
  }

  private void dispatch(RunChanged change) {
    take(new ChangeBatch.Committed(new Lsn(lsn + 1), change.xid(), Instant.EPOCH, List.of(change)));
  }

  private void take(ChangeBatch.Entry entry) {
    hub.dispatch(
        new ChangeBatch(new Incarnation(1, 1), 1, new Lsn(lsn), entry.lsn(), List.of(entry)));
    lsn++;
  }
}
