package dev.runcast.hub.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.testing.Sample;
import dev.runcast.testing.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentChangesTest {
  private static final int WEIGHT = 64 + Sample.run("a").row().weight();

  @Test
  void coversWhatComesAfterTheLastThatItLetGo() {
    RecentChanges ring = ringOf(2, 10);
    ring.restartAt(new Lsn(0));
    add(ring, 1, 101);
    add(ring, 2, 102);
    add(ring, 3, 103);

    ring.trim(200);

    assertThat(ring.coversAllAfter(Position.endOf(new Lsn(0)))).isFalse();
    assertThat(ring.coversAllAfter(new Position(new Lsn(1), 0)))
        .as("the rest of a transaction that was let go is not there")
        .isFalse();
    assertThat(ring.coversAllAfter(Position.endOf(new Lsn(1)))).isTrue();
    assertThat(ring.coversAllAfter(new Position(new Lsn(2), 0).before())).isTrue();
    assertThat(after(ring, Position.endOf(new Lsn(1)))).containsExactly("2/0", "3/0");
  }

  @Test
  void givesTheRestOfATransactionToWhoStandsWithinIt() {
    RecentChanges ring = ringOf(10, 10);
    ring.add(committed(5, 100, 3));
    add(ring, 6, 101);

    assertThat(after(ring, new Position(new Lsn(5), 0))).containsExactly("5/1", "5/2", "6/0");
    assertThat(after(ring, new Position(new Lsn(5), -1)))
        .containsExactly("5/0", "5/1", "5/2", "6/0");
    assertThat(after(ring, Position.endOf(new Lsn(6)))).isEmpty();
  }

  @Test
  void keepsWhatNoHorizonHasProvenBesideTheWindow() {
    RecentChanges ring = ringOf(1, 10);
    add(ring, 1, 105);
    add(ring, 2, 101);
    add(ring, 3, 106);

    assertThat(ring.trim(102)).isZero();

    Visibility nothingNew = new Visibility(90, 90, Set.of());
    assertThat(notShownBy(ring, nothingNew)).containsExactly("1/0", "3/0");
    assertThat(notShownBy(ring, new Visibility(102, 106, Set.of()))).containsExactly("3/0");
    assertThat(ring.trim(105)).isZero();
    assertThat(notShownBy(ring, nothingNew)).as("105 is not").containsExactly("1/0", "3/0");
    assertThat(ring.trim(106)).isZero();
    assertThat(notShownBy(ring, nothingNew)).as("now it is").containsExactly("3/0");
  }

  @Test
  void keepsForAReadUnderWayWhatWasUnprovenWhenItBegan() {
    RecentChanges ring = ringOf(1, 10);
    ring.trim(100);
    ring.pin(100);
    ring.pin(104);
    add(ring, 1, 102);
    add(ring, 2, 110);
    Visibility old = new Visibility(101, 101, Set.of());

    ring.trim(105);
    assertThat(notShownBy(ring, old)).containsExactly("1/0", "2/0");

    ring.unpin(104);
    ring.trim(106);
    assertThat(notShownBy(ring, old)).as("the older pin still holds").containsExactly("1/0", "2/0");

    ring.unpin(100);
    ring.trim(106);
    assertThat(notShownBy(ring, old)).containsExactly("2/0");
  }

  @Test
  void namesTheGreatestUnprovenXidThatItHadToLetGo() {
    RecentChanges ring = ringOf(1, 1);
    add(ring, 1, 120);
    add(ring, 2, 110);
    assertThat(ring.trim(100)).as("one in the window, one beside it").isZero();
    add(ring, 3, 130);
    add(ring, 4, 105);

    assertThat(ring.trim(100)).isEqualTo(120);
    assertThat(notShownBy(ring, new Visibility(100, 100, Set.of()))).containsExactly("3/0", "4/0");
  }

  @Test
  void letsNobodyResumeAcrossABarrierButKeepsWhatIsUnproven() {
    RecentChanges ring = ringOf(10, 10);
    add(ring, 1, 101);
    ring.barrierAt(new Lsn(2));
    add(ring, 3, 103);

    assertThat(ring.coversAllAfter(Position.endOf(new Lsn(1)))).isFalse();
    assertThat(ring.coversAllAfter(Position.endOf(new Lsn(2)))).isTrue();
    assertThat(notShownBy(ring, new Visibility(100, 100, Set.of()))).containsExactly("1/0", "3/0");
  }

  @Test
  void forgetsEverythingWhenItBeginsAnew() {
    RecentChanges ring = ringOf(1, 10);
    add(ring, 1, 101);
    add(ring, 2, 102);
    ring.trim(100);

    ring.restartAt(new Lsn(9));

    assertThat(notShownBy(ring, new Visibility(1, 1, Set.of()))).isEmpty();
    assertThat(ring.coversAllAfter(Position.endOf(new Lsn(8)))).isFalse();
    assertThat(ring.coversAllAfter(Position.endOf(new Lsn(9)))).isTrue();
  }

  /** Whatever it holds or lets go, what it claims to cover and what it replays is all there is. */
  @Test
  void losesNothingThatItDoesNotSay() {
    Seeds.each(
        300,
        random -> {
          RecentChanges ring = ringOf(1 + random.nextInt(4), random.nextInt(4));
          List<Committed> all = new ArrayList<>();
          long horizon = 100;
          long letGo = 0;
          for (int lsn = 1; lsn <= 30; lsn++) {
            Committed next = committed(lsn, horizon + random.nextInt(10), 1 + random.nextInt(3));
            all.add(next);
            ring.add(next);
            horizon += random.nextInt(3);
            letGo = Math.max(letGo, ring.trim(horizon));
            checkReplay(ring, all, horizon, letGo);
            checkResume(ring, all, new Position(new Lsn(random.nextInt(lsn + 1)), place(random)));
          }
        });
  }

  private static void checkReplay(
      RecentChanges ring, List<Committed> all, long horizon, long letGo) {
    Visibility fresh = new Visibility(horizon, horizon, Set.of());
    List<String> expected = new ArrayList<>();
    for (Committed transaction : all) {
      if (transaction.xid() >= horizon && transaction.xid() > letGo) {
        transaction.changes().forEach(change -> expected.add(name(change)));
      }
    }
    assertThat(notShownBy(ring, fresh)).containsAll(expected);
  }

  private static void checkResume(RecentChanges ring, List<Committed> all, Position from) {
    if (ring.coversAllAfter(from)) {
      assertThat(after(ring, from))
          .isEqualTo(
              all.stream()
                  .flatMap(transaction -> transaction.changes().stream())
                  .filter(change -> change.position().isAfter(from))
                  .map(RecentChangesTest::name)
                  .toList());
    }
  }

  private static int place(Random random) {
    return random.nextInt(4) == 0 ? Position.END : random.nextInt(4) - 1;
  }

  /** A ring with room for this many transactions of one change, in the window and beside it. */
  private static RecentChanges ringOf(int window, int unproven) {
    return new RecentChanges((long) window * WEIGHT, (long) unproven * WEIGHT);
  }

  private static void add(RecentChanges ring, long lsn, long xid) {
    ring.add(committed(lsn, xid, 1));
  }

  private static Committed committed(long lsn, long xid, int changes) {
    List<RunChanged> all = new ArrayList<>();
    for (int i = 0; i < changes; i++) {
      all.add(Sample.run("a").xid(xid).updated(lsn, i));
    }
    return new Committed(new Lsn(lsn), xid, Instant.EPOCH, all);
  }

  private static List<String> after(RecentChanges ring, Position position) {
    List<String> found = new ArrayList<>();
    ring.transactionsAfter(
        position,
        transaction ->
            transaction.changes().stream()
                .filter(change -> change.position().isAfter(position))
                .forEach(change -> found.add(name(change))));
    return found;
  }

  private static List<String> notShownBy(RecentChanges ring, Visibility shown) {
    List<String> found = new ArrayList<>();
    ring.transactionsNotShownBy(
        shown, transaction -> transaction.changes().forEach(change -> found.add(name(change))));
    return found;
  }

  private static String name(RunChanged change) {
    return change.position().lsn().value() + "/" + change.position().index();
  }
}
