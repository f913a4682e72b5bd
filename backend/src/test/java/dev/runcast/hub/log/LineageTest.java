package dev.runcast.hub.log;

import static dev.runcast.hub.log.Lineage.Verdict.CONTINUE;
import static dev.runcast.hub.log.Lineage.Verdict.DUPLICATE;
import static dev.runcast.hub.log.Lineage.Verdict.FIRST;
import static dev.runcast.hub.log.Lineage.Verdict.GAP;
import static dev.runcast.hub.log.Lineage.Verdict.NEW_SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.log.Lineage.Verdict;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineageTest {
  private static final Incarnation FIVE = new Incarnation(5, 1);

  @Test
  void beginsWithWhateverComesFirst() {
    Lineage lineage = new Lineage();

    assertThat(lineage.incarnation()).isNull();
    assertThat(lineage.follow(batch(FIVE, 3, 100, 120))).isEqualTo(FIRST);
    assertThat(lineage.incarnation()).isEqualTo(FIVE);
    assertThat(lineage.last()).isEqualTo(new Lsn(100));
  }

  /** How a batch stands to a hub that is at incarnation 5, session 3, place 120. */
  @ParameterizedTest
  @CsvSource({
    "goes on,                                        5, 1, 3, 120, 140, CONTINUE",
    "goes on and says only how far,                  5, 1, 3, 120, 121, CONTINUE",
    "repeats a part and goes on,                     5, 1, 3, 110, 140, CONTINUE",
    "was heard before,                               5, 1, 3, 100, 120, DUPLICATE",
    "says nothing new,                               5, 1, 3, 120, 120, DUPLICATE",
    "leaves something out,                           5, 1, 3, 121, 140, GAP",
    "of a new session goes on,                       5, 1, 4, 120, 140, NEW_SESSION",
    "of a new session repeats a part,                5, 1, 4,  90, 140, NEW_SESSION",
    "of a new session brings nothing new,            5, 1, 4,  90, 110, NEW_SESSION",
    "of a new session leaves something out,          5, 1, 4, 121, 140, GAP",
    "of an old session comes late and was heard,     5, 1, 2, 100, 110, DUPLICATE",
    "of an old session comes late and goes on,       5, 1, 2, 120, 130, CONTINUE",
    "of a later incarnation,                         6, 1, 4,   0,  10, NEW_INCARNATION",
    "of a restored one with the same number,         5, 2, 1,   0,  10, NEW_INCARNATION",
    "of an incarnation that is over,                 4, 1, 9, 120, 140, DUPLICATE"
  })
  void judgesHowABatchStandsToWhatWasHeard(
      String batch, long number, int nonce, long session, long prev, long last, Verdict verdict) {
    Lineage lineage = at120();

    assertThat(lineage.follow(batch(new Incarnation(number, nonce), session, prev, last)))
        .as(batch)
        .isEqualTo(verdict);
  }

  @Test
  void movesToTheStartOfAnotherHistory() {
    Lineage lineage = at120();

    lineage.follow(batch(new Incarnation(6, 1), 4, 7, 10));

    assertThat(lineage.incarnation()).isEqualTo(new Incarnation(6, 1));
    assertThat(lineage.last()).isEqualTo(new Lsn(7));
  }

  @Test
  void staysInTheNewestSessionWhenAnOldOneComesLate() {
    Lineage lineage = at120();

    assertThat(lineage.follow(batch(FIVE, 4, 120, 130))).isEqualTo(NEW_SESSION);
    lineage.advance(new Lsn(130));
    assertThat(lineage.follow(batch(FIVE, 3, 125, 140))).isEqualTo(CONTINUE);
    lineage.advance(new Lsn(140));

    assertThat(lineage.follow(batch(FIVE, 4, 130, 150))).isEqualTo(CONTINUE);
  }

  @Test
  void judgesNothingByABatchThatItDrops() {
    Lineage lineage = at120();

    assertThat(lineage.follow(batch(new Incarnation(4, 1), 9, 0, 500))).isEqualTo(DUPLICATE);

    assertThat(lineage.last()).isEqualTo(new Lsn(120));
    assertThat(lineage.follow(batch(FIVE, 3, 120, 140))).isEqualTo(CONTINUE);
    assertThat(lineage.follow(batch(FIVE, 3, 141, 150))).isEqualTo(GAP);
  }

  @Test
  void neverMovesBack() {
    Lineage lineage = at120();

    lineage.advance(new Lsn(110));

    assertThat(lineage.last()).isEqualTo(new Lsn(120));
  }

  private static Lineage at120() {
    Lineage lineage = new Lineage();
    lineage.follow(batch(FIVE, 3, 100, 120));
    lineage.advance(new Lsn(120));
    return lineage;
  }

  private static ChangeBatch batch(Incarnation incarnation, long session, long prev, long last) {
    return new ChangeBatch(incarnation, session, new Lsn(prev), new Lsn(last), List.of());
  }
}
