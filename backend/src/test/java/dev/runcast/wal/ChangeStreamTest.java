package dev.runcast.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Entry;
import dev.runcast.run.ChangeBatch.Horizon;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import org.junit.jupiter.api.Test;

class ChangeStreamTest {
  private static final long START = 1_000;
  private static final ReplicationSettings.Limits LIMITS =
      new ReplicationSettings.Limits(1 << 20, 100, 3, 1 << 20);

  private final ChangeStream stream = stream(LIMITS);

  private static ChangeStream stream(ReplicationSettings.Limits limits) {
    ChangeStream stream =
        new ChangeStream(
            new ReplicationSession(new Incarnation(4, 9), 12, new Lsn(START), 50, 1), limits);
    stream.accept(PgOutputBytes.begin(START, 60));
    stream.accept(RunValues.relation());
    stream.accept(PgOutputBytes.commit(START, START + 1));
    stream.take();
    return stream;
  }

  @Test
  void linksEachBatchToTheOneBefore() {
    write("run_1", 61, 1_100);
    write("run_2", 62, 1_200);
    ChangeBatch first = stream.take();
    write("run_3", 63, 1_300);
    ChangeBatch second = stream.take();

    assertThat(first.incarnation()).isEqualTo(new Incarnation(4, 9));
    assertThat(first.session()).isEqualTo(12);
    assertThat(first.prev()).isEqualTo(new Lsn(START + 1));
    assertThat(first.last()).isEqualTo(new Lsn(1_200));
    assertThat(first.entries())
        .extracting(Entry::lsn)
        .containsExactly(new Lsn(1_100), new Lsn(1_200));
    assertThat(second.prev()).isEqualTo(first.last());
    assertThat(second.last()).isEqualTo(new Lsn(1_300));
    Committed third = (Committed) second.entries().get(0);
    assertThat(third.xid()).isEqualTo(63);
    assertThat(third.changes().get(0).position()).isEqualTo(new Position(new Lsn(1_300), 0));
  }

  @Test
  void movesOnWithoutAnEntryWhenATransactionWroteNoRun() {
    stream.accept(PgOutputBytes.begin(1_090, 61));
    stream.accept(PgOutputBytes.commit(1_090, 1_100));

    assertThat(stream.hasNews()).isFalse();
    assertThat(stream.hasMoved()).isTrue();
    ChangeBatch batch = stream.take();
    assertThat(batch.entries()).isEmpty();
    assertThat(batch.last()).isEqualTo(new Lsn(1_100));
    assertThat(stream.hasMoved()).isFalse();
  }

  @Test
  void tellsAHorizonBehindItsPlaceInTheLog() {
    mark(1_100, "0/44C 55 61");

    assertThat(stream.take().entries()).containsExactly(new Horizon(new Lsn(1_101), 55, 62));
  }

  @Test
  void aHorizonsNextIsAboveAnXidThatCommittedBetweenItsPlaceAndItself() {
    write("run_1", 75, 1_100);
    mark(1_200, "0/400 55 61");

    Horizon horizon = (Horizon) stream.take().entries().get(1);

    assertThat(horizon.next()).isEqualTo(76);
  }

  @Test
  void leavesOutAHorizonWhosePlaceIsBeforeTheSession() {
    mark(1_100, "0/3E7 55 61");

    assertThat(stream.hasNews()).isFalse();
    assertThat(stream.take().last()).isEqualTo(new Lsn(1_101));
  }

  @Test
  void leavesOutMessagesThatAreNoHorizons() {
    stream.accept(PgOutputBytes.logicalMessage(false, 1_100, "somebody", "0/44C 55 61"));
    stream.accept(PgOutputBytes.logicalMessage(true, 1_150, HorizonMark.PREFIX, "0/44C 55 61"));
    mark(1_200, "hello");
    mark(1_300, "0/44C 55");
    mark(1_400, "0/44C 55 x");
    mark(1_500, "x 55 61");

    assertThat(stream.hasNews()).isFalse();
    assertThat(stream.take().last()).isEqualTo(new Lsn(1_501));
  }

  @Test
  void takesAKeepaliveForWhatItSaysUnlessATransactionIsOpen() {
    stream.acceptKeepalive(new Lsn(1_050));
    assertThat(stream.take().last()).isEqualTo(new Lsn(1_050));

    stream.accept(PgOutputBytes.begin(1_090, 61));
    stream.acceptKeepalive(new Lsn(1_095));
    assertThat(stream.hasMoved()).isFalse();

    stream.accept(PgOutputBytes.commit(1_090, 1_100));
    stream.acceptKeepalive(new Lsn(1_070));
    assertThat(stream.take().last()).isEqualTo(new Lsn(1_100));
  }

  @Test
  void isFullAtTheRowsOfABatchButNeverInsideATransaction() {
    stream.accept(PgOutputBytes.begin(1_090, 61));
    for (int i = 0; i < 5; i++) {
      stream.accept(RunValues.of("env_a", "run_" + i, 61).insert());
      assertThat(stream.isFull()).isFalse();
    }
    stream.accept(PgOutputBytes.commit(1_090, 1_100));

    assertThat(stream.isFull()).isTrue();
    assertThat(((Committed) stream.take().entries().get(0)).changes()).hasSize(5);
    assertThat(stream.isFull()).isFalse();
  }

  @Test
  void tellsWhatCameBeforeAHugeTransactionWithoutWaitingForItsEnd() {
    ChangeStream narrow = stream(new ReplicationSettings.Limits(1 << 20, 100, 1_000, 3_000));
    write(narrow, "run_1", 61, 1_100);
    narrow.accept(PgOutputBytes.begin(1_290, 62));
    for (int i = 0; i < 20; i++) {
      narrow.accept(RunValues.of("env_a", "run_" + i, 62).insert());
    }

    assertThat(narrow.isFull()).isTrue();
    ChangeBatch batch = narrow.take();
    assertThat(batch.entries()).hasSize(1);
    assertThat(batch.last()).isEqualTo(new Lsn(1_100));
  }

  private void mark(long lsn, String content) {
    stream.accept(PgOutputBytes.logicalMessage(false, lsn, HorizonMark.PREFIX, content));
  }

  private void write(String id, int xid, long endLsn) {
    write(stream, id, xid, endLsn);
  }

  private static void write(ChangeStream stream, String id, int xid, long endLsn) {
    stream.accept(PgOutputBytes.begin(endLsn - 10, xid));
    stream.accept(RunValues.of("env_a", id, xid).insert());
    stream.accept(PgOutputBytes.commit(endLsn - 10, endLsn));
  }
}
