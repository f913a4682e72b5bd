package dev.runcast.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.log.Pin;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Bookmark;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.testing.Sample;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client that leaves may say that it was told: all of that, and nothing else. */
class ClaimTest {
  private static final Incarnation HISTORY = new Incarnation(1, 1);
  private static final RunId A = new RunId("a");
  private static final Visibility SHOWN = new Visibility(103, 106, Set.of(103L));

  private final Hub hub = new Hub(Hub.Budgets.DEFAULT, InstantSource.fixed(Instant.EPOCH));
  private final RecordingSink sink = new RecordingSink();
  private final RecordingResync resync = new RecordingResync();
  private final Filter.Narrowing executing =
      new Filter.Narrowing(null, Set.of(RunStatus.EXECUTING), Set.of());
  private final Subscription subscription =
      new Subscription(
          hub,
          new Filter.ByEnvironment(Sample.ENVIRONMENT, executing),
          sink,
          resync,
          new SubscriptionOptions(null, false, false));
  private long lsn = 1;
  private long session = 1;
  private Incarnation history = HISTORY;

  @BeforeEach
  void hearTwoHorizons() {
    horizon(100);
    horizon(100);
    hub.add(subscription);
  }

  @Test
  void isNoneWhileTheTableIsRead() {
    assertThat(subscription.claim()).isNull();
  }

  @Test
  void isThePlaceOfTheLogAndBesideItWhatTheReadHasShown() {
    goLive();
    executes(2, 103);

    Bookmark bookmark = claimed();

    assertThat(bookmark.cursor().position()).isEqualTo(Position.endOf(new Lsn(lsn)));
    assertThat(bookmark.shown()).isEqualTo(SHOWN);
    assertThat(bookmark.session()).isEqualTo(1);
    assertThat(hub.heard().covers(bookmark)).as("the next turn needs no read").isTrue();
    assertThat(subscription.claim().isWithheld()).isFalse();
    horizon(106);
    assertThat(claimed().shown()).as("the place alone says it now").isNull();
  }

  @Test
  void saysNothingOfAReadOfWhichRowsWaitForTheClient() {
    Cursor first = Cursor.ofRead(HISTORY, 100);
    CatchUp reading = subscription.open();
    reading.emit(page("b"), first);
    sink.fill();
    reading.emit(page("a"), Cursor.ofRead(HISTORY, 102));

    goLive();

    assertThat(claimed()).as("the row of a was not sent").isEqualTo(new Bookmark(first, null, 0));
    assertThat(subscription.claim().isWithheld()).isTrue();
  }

  @Test
  void staysBeforeWhatWaitsToBeRead() {
    goLive();
    horizon(106);
    Position before = claimed().cursor().position();
    enters(2, 107);

    assertThat(claimed().cursor().position())
        .isGreaterThanOrEqualTo(before)
        .isLessThan(new Position(new Lsn(lsn), 0));
    assertThat(subscription.claim().isReading()).isTrue();
    assertThat(subscription.claim().isWithheld()).isTrue();
  }

  @Test
  void isWholeOnceThatWasReadAndTellsHowLongTheReadIsAhead() {
    goLive();
    horizon(106);
    enters(2, 107);

    subscription.intake().readOne(A, 2, new Visibility(110, 112, Set.of()), row(5));

    assertThat(claimed().cursor().position()).isEqualTo(Position.endOf(new Lsn(lsn)));
    assertThat(subscription.claim().isReading()).isFalse();
    assertThat(subscription.claim().isWithheld()).isFalse();
    assertThat(subscription.claim().readAheadUntil(A)).isEqualTo(112);
    assertThat(subscription.claim().readAheadUntil(new RunId("b"))).isZero();
    horizon(112);
    assertThat(subscription.claim().readAheadUntil(A)).isZero();
  }

  @Test
  void hasNoPlaceWhileAHoleIsOpen() {
    take(new ChangeBatch.Oversized(new Lsn(lsn + 1), 120, Set.of(Sample.ENVIRONMENT), null));
    goLive();

    assertThat(claimed().cursor().position()).isNull();
    assertThat(subscription.claim().isWithheld()).isTrue();
  }

  @Test
  void countsARowAsShownOnlyIfNoCrashCanHaveHadItWrittenAnew() {
    Bookmark bookmark = new Bookmark(Cursor.ofRead(HISTORY, 100), SHOWN, 1);
    assertThat(hub.heard().wasShown(bookmark, 99)).isTrue();
    assertThat(hub.heard().wasShown(bookmark, 104))
        .as("Postgres may have crashed, given it out again and shown us the row of that")
        .isFalse();

    horizon(104);
    assertThat(hub.heard().wasShown(bookmark, 104)).as("the next one is 104").isFalse();
    horizon(105);

    assertThat(hub.heard().wasShown(bookmark, 104)).as("now the log is beyond it").isTrue();
    assertThat(hub.heard().wasShown(bookmark, 103)).as("it was in progress").isFalse();
    assertThat(hub.heard().wasShown(new Bookmark(bookmark.cursor(), null, 0), 99)).isFalse();
  }

  @Test
  void countsNothingAsShownInAnotherSessionOrHistory() {
    Bookmark bookmark = new Bookmark(Cursor.ofRead(HISTORY, 100), SHOWN, 1);
    Cursor restored = Cursor.ofRead(new Incarnation(2, 1), 100);
    assertThat(hub.heard().wasShown(new Bookmark(restored, SHOWN, 1), 99)).isFalse();

    session = 2;
    horizon(110);

    assertThat(hub.heard().wasShown(bookmark, 99)).isFalse();
    assertThat(hub.heard().covers(bookmark)).isFalse();
  }

  @Test
  void countsTransactionIdsFromTheStartInAnotherHistory() {
    horizon(110);
    history = new Incarnation(2, 1);
    horizon(103);

    Bookmark bookmark = new Bookmark(Cursor.ofRead(history, 100), SHOWN, 1);

    assertThat(hub.heard().wasShown(bookmark, 102)).isTrue();
    assertThat(hub.heard().wasShown(bookmark, 104))
        .as("the restored log has not come so far again")
        .isFalse();
  }

  private Bookmark claimed() {
    return subscription.claim().bookmark();
  }

  private void goLive() {
    Pin pin = hub.heard().pin();
    subscription.open().goLive(SHOWN, pin);
    hub.heard().unpin(pin);
  }

  private static SharedFrame page(String run) {
    return new SharedFrame(
        new Frame.Snapshot(true, false, false, List.of(Sample.run(run).row()), List.of()));
  }

  private static Run row(long version) {
    return Sample.run("a").version(version).xid(109).status(RunStatus.EXECUTING).row();
  }

  private void executes(long version, long xid) {
    commit(
        Sample.run("a").version(version).xid(xid).status(RunStatus.EXECUTING).updated(lsn + 1, 0));
  }

  /** Without its wide columns: it has to be read. */
  private void enters(long version, long xid) {
    commit(
        Sample.run("a")
            .version(version)
            .xid(xid)
            .status(RunStatus.EXECUTING)
            .untouched()
            .updated(lsn + 1, 0, RunStatus.PENDING, null));
  }

  private void commit(RunChanged change) {
    take(new ChangeBatch.Committed(new Lsn(lsn + 1), change.xid(), Instant.EPOCH, List.of(change)));
  }

  private void horizon(long xmin) {
    take(new ChangeBatch.Horizon(new Lsn(lsn + 1), xmin, xmin));
  }

  private void take(ChangeBatch.Entry entry) {
    hub.dispatch(new ChangeBatch(history, session, new Lsn(lsn), entry.lsn(), List.of(entry)));
    lsn++;
  }
}
