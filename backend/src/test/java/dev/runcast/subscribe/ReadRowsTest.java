package dev.runcast.subscribe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.Column;
import dev.runcast.run.Filter;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Visibility;
import dev.runcast.store.feed.FeedReader.Rows;
import dev.runcast.subscribe.ReadRows.Telling;
import dev.runcast.testing.Sample;
import dev.runcast.wire.Frame;
import dev.runcast.wire.SharedFrame;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadRowsTest {
  private static final Filter ALL =
      new Filter.ByEnvironment(Sample.ENVIRONMENT, Filter.Narrowing.NONE);
  private static final Telling WHOLE =
      new Telling(true, true, true, 0, Collections.emptySortedSet());

  @Test
  void tellsManyRowsInSeveralEventsOfWhichOnlyTheLastIsComplete() {
    List<Run> runs = IntStream.range(0, 1_201).mapToObj(i -> Sample.run("run_" + i).row()).toList();

    List<Frame.Snapshot> told = told(runs, ALL, WHOLE);

    assertThat(told).extracting(frame -> frame.runs().size()).containsExactly(500, 500, 201);
    assertThat(told).extracting(Frame.Snapshot::start).containsExactly(true, false, false);
    assertThat(told).extracting(Frame.Snapshot::complete).containsExactly(false, false, true);
    assertThat(told).extracting(Frame.Snapshot::full).containsOnly(true);
    assertThat(told).flatExtracting(Frame.Snapshot::runs).isEqualTo(runs);
  }

  @Test
  void tellsHeavyRowsInAsManyEventsAsTheyNeed() {
    Column<String> heavy = Column.known("\"" + "x".repeat(400_000) + "\"");
    List<Run> runs =
        IntStream.range(0, 5).mapToObj(i -> Sample.run("run_" + i).payload(heavy).row()).toList();

    List<Frame.Snapshot> told = told(runs, ALL, WHOLE);

    assertThat(told).extracting(frame -> frame.runs().size()).containsExactly(2, 2, 1);
  }

  @Test
  void tellsARowThatIsLargerThanAnEventMayBe() {
    Column<String> huge = Column.known("\"" + "x".repeat(3_000_000) + "\"");
    List<Run> runs = List.of(Sample.run("run_1").payload(huge).row(), Sample.run("run_2").row());

    assertThat(told(runs, ALL, WHOLE)).flatExtracting(Frame.Snapshot::runs).isEqualTo(runs);
  }

  @Test
  void tellsThatThereIsNothing() {
    List<Frame.Snapshot> told = told(List.of(), ALL, WHOLE);

    assertThat(told).containsExactly(new Frame.Snapshot(true, true, true, List.of(), List.of()));
  }

  @Test
  void tellsThatTheOneRunIsGone() {
    Filter one = new Filter.ByRun(Sample.ENVIRONMENT, new RunId("run_1"), Filter.Narrowing.NONE);

    List<Frame.Snapshot> told = told(List.of(), one, WHOLE);

    assertThat(told.get(0).left())
        .containsExactly(
            new Frame.Leave(new RunId("run_1"), Long.MAX_VALUE, Frame.Leave.Reason.DELETED));
  }

  @Test
  void tellsRowsThatStoppedMatchingAsLeaves() {
    Filter pending =
        new Filter.ByEnvironment(
            Sample.ENVIRONMENT, new Filter.Narrowing(null, Set.of(RunStatus.PENDING), Set.of()));
    List<Run> runs =
        List.of(
            Sample.run("run_1").row(),
            Sample.run("run_2").status(RunStatus.EXECUTING).xid(99).row(),
            Sample.run("run_3").status(RunStatus.EXECUTING).xid(100).row());

    List<Frame.Snapshot> told =
        told(runs, pending, new Telling(false, false, false, 100, Collections.emptySortedSet()));

    assertThat(told.get(0).runs()).extracting(Run::id).containsExactly(new RunId("run_1"));
    assertThat(told.get(0).left()).extracting(Frame.Leave::run).containsExactly(new RunId("run_3"));
  }

  @Test
  void makesItsFramesOnceForAllWhoAreToldTheSame() {
    ReadRows rows = rows(List.of(Sample.run("run_1").row()));

    List<SharedFrame> first = rows.frames(ALL, WHOLE);

    assertThat(rows.frames(ALL, WHOLE)).isSameAs(first);
    assertThat(rows.frames(ALL, new Telling(true, false, true, 0, Collections.emptySortedSet())))
        .isNotSameAs(first);
  }

  private static List<Frame.Snapshot> told(List<Run> runs, Filter filter, Telling telling) {
    return rows(runs).frames(filter, telling).stream()
        .map(shared -> (Frame.Snapshot) shared.frame())
        .toList();
  }

  private static ReadRows rows(List<Run> runs) {
    return new ReadRows(new Rows(new Visibility(1, 1, Set.of()), 0, runs, true));
  }
}
