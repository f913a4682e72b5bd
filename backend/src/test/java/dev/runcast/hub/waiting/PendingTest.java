package dev.runcast.hub.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.waiting.Telling.Kind;
import dev.runcast.run.Column;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.testing.Sample;
import dev.runcast.testing.Seeds;
import dev.runcast.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PendingTest {
  private static final Column<String> OLD = Column.known("old");

  @Test
  void anUnchangedColumnInheritsWhatTheEarlierNewsKnew() {
    Pending merged =
        news(Kind.UPDATE, Sample.run("a").version(3).untouched().updated(20, 1))
            .merging(news(Kind.UPDATE, Sample.run("a").version(2).payload(OLD).updated(10, 0)));

    assertThat(merged.run().version()).isEqualTo(3);
    assertThat(merged.run().contents().payload()).isEqualTo(OLD);
    assertThat(merged.kind()).isEqualTo(Kind.UPDATE);
  }

  @Test
  void newsThatNeedsNothingOfTheEarlierKeepsTheFrameThatAllShare() {
    Pending earlier = news(Kind.UPDATE, Sample.run("a").version(2).payload(OLD).updated(10, 0));
    Pending whole = news(Kind.UPDATE, Sample.run("a").version(3).updated(20, 1));
    Pending partial = news(Kind.UPDATE, Sample.run("a").version(3).untouched().updated(20, 1));
    Pending entry = news(Kind.ENTRY, Sample.run("a").payload(OLD).inserted(10, 0));

    assertThat(whole.merging(earlier).frame()).isSameAs(whole.frame());
    assertThat(partial.merging(earlier).frame()).isNotSameAs(partial.frame());
    assertThat(whole.merging(entry).frame().frame())
        .isInstanceOfSatisfying(
            Frame.RunUpdate.class, update -> assertThat(update.whole()).isTrue());
  }

  @Test
  void aNullIsAValueAndNotUnchanged() {
    Pending merged =
        news(Kind.UPDATE, Sample.run("a").version(3).payload(Column.known(null)).updated(20, 0))
            .merging(news(Kind.UPDATE, Sample.run("a").version(2).payload(OLD).updated(10, 0)));

    assertThat(merged.run().contents().payload()).isEqualTo(Column.known(null));
  }

  @Test
  void takesTheNewestPlaceAndHoldsCursorsAtTheOldest() {
    Pending merged =
        news(Kind.UPDATE, Sample.run("a").version(3).updated(20, 1))
            .merging(news(Kind.UPDATE, Sample.run("a").version(2).updated(10, 0)));

    assertThat(merged.newest().position()).isEqualTo(new Position(new Lsn(20), 1));
    assertThat(merged.oldest()).isEqualTo(new Position(new Lsn(10), 0));
  }

  @Test
  void anEntryThatWasNotSentYetStaysAnEntry() {
    Pending merged =
        news(Kind.UPDATE, Sample.run("a").version(2).untouched().updated(20, 0))
            .merging(news(Kind.ENTRY, Sample.run("a").payload(OLD).inserted(10, 0)));

    assertThat(merged.kind()).isEqualTo(Kind.ENTRY);
    assertThat(merged.needsReading()).isFalse();
    assertThat(merged.frame().frame())
        .isInstanceOfSatisfying(
            Frame.RunUpdate.class, update -> assertThat(update.whole()).isTrue());
  }

  @Test
  void nothingIsLaidOverALeave() {
    Pending merged =
        news(Kind.UPDATE, Sample.run("a").version(3).untouched().updated(20, 0))
            .merging(news(Kind.LEAVE, Sample.run("a").version(2).payload(OLD).updated(10, 0)));

    assertThat(merged.kind()).isEqualTo(Kind.UPDATE);
    assertThat(merged.run().contents().payload()).isEqualTo(Column.unchanged());
    assertThat(merged.oldest()).isEqualTo(new Position(new Lsn(10), 0));
  }

  @Test
  void aLeaveOrAnEntryNeedsNothingOfWhatCameBefore() {
    Pending earlier = news(Kind.UPDATE, Sample.run("a").version(2).payload(OLD).updated(10, 0));
    Pending leave =
        news(Kind.LEAVE, Sample.run("a").version(3).untouched().updated(20, 0)).merging(earlier);
    Pending entry =
        news(Kind.ENTRY, Sample.run("a").version(3).untouched().updated(20, 0)).merging(earlier);

    assertThat(leave.frame().frame())
        .isEqualTo(new Frame.Leave(leave.run().id(), 3, Frame.Leave.Reason.FILTER));
    assertThat(leave.oldest()).isEqualTo(earlier.oldest());
    assertThat(entry.needsReading()).isTrue();
    assertThat(entry.oldest()).isEqualTo(earlier.oldest());
  }

  @Test
  void whatWaitsToBeReadStaysSoUntilItWas() {
    Pending awaited =
        news(Kind.UPDATE, Sample.run("a").version(2).payload(OLD).updated(10, 0)).toBeRead();
    Pending merged =
        news(Kind.UPDATE, Sample.run("a").version(3).untouched().updated(20, 0)).merging(awaited);

    assertThat(awaited.needsReading()).isTrue();
    assertThat(merged.kind()).isEqualTo(Kind.ENTRY);
    assertThat(merged.needsReading()).isTrue();
  }

  @Test
  void anAnswerThatNoLongerMatchesIsALeave() {
    Pending awaited = news(Kind.ENTRY, Sample.run("a").version(2).updated(10, 0)).toBeRead();
    Sample deleted = Sample.run("a").version(4).status(RunStatus.DELETED);

    assertThat(awaited.read(deleted.row(), false).frame().frame())
        .isEqualTo(new Frame.Leave(deleted.id(), 4, Frame.Leave.Reason.DELETED));
    assertThat(awaited.gone().frame().frame())
        .isEqualTo(new Frame.Leave(deleted.id(), Long.MAX_VALUE, Frame.Leave.Reason.DELETED));
  }

  /** However changes are merged, a client that takes the result holds what all of them tell. */
  @Test
  void mergingLosesNothing() {
    Seeds.each(
        500,
        random -> {
          List<RunChanged> changes = changes(random);
          Pending merged = news(Kind.UPDATE, changes.get(0));
          Column<String> expected = changes.get(0).run().contents().payload();
          for (RunChanged change : changes.subList(1, changes.size())) {
            merged = news(Kind.UPDATE, change).merging(merged);
            expected = change.run().contents().payload().over(expected);
          }
          RunChanged last = changes.get(changes.size() - 1);

          assertThat(merged.run().contents().payload()).isEqualTo(expected);
          assertThat(merged.run().version()).isEqualTo(last.run().version());
          assertThat(merged.run().status()).isEqualTo(last.run().status());
          assertThat(merged.newest()).isEqualTo(last);
          assertThat(merged.oldest()).isEqualTo(changes.get(0).position());
        });
  }

  private static List<RunChanged> changes(Random random) {
    List<RunChanged> changes = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(6); i++) {
      Column<String> payload =
          switch (random.nextInt(3)) {
            case 0 -> Column.unchanged();
            case 1 -> Column.known(null);
            default -> Column.known("p" + random.nextInt(10));
          };
      RunStatus status = random.nextBoolean() ? RunStatus.PENDING : RunStatus.EXECUTING;
      changes.add(
          Sample.run("a").version(i + 2).status(status).payload(payload).updated(10 + i, 0));
    }
    return changes;
  }

  private static Pending news(Kind kind, RunChanged change) {
    Cursor cursor = new Cursor(new Incarnation(1, 1), 100, change.position(), null);
    return Pending.of(new Telling(change, cursor), kind);
  }
}
