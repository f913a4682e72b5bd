package dev.runcast.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.chunk.Placing;
import dev.runcast.hub.log.Pin;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.run.stream.StreamSelection;
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

class ChunkRoutesTest {
  private static final Filter TAGGED =
      new Filter.ByTags(Sample.ENVIRONMENT, Set.of("x"), Narrowing.NONE);
  private static final Sample MINE = Sample.run("a").tagged("x").xid(50);
  private static final int MANY = 20_001;

  private final Hub hub =
      new Hub(
          new Hub.Budgets(
              50_000_000, 100_000, 10_000_000, Duration.ofSeconds(60), Duration.ofSeconds(3), 2),
          () -> Instant.EPOCH);
  private final RecordingResync resync = new RecordingResync();
  private final List<Placing.Asked> asked = new ArrayList<>();
  private final RecordingSink sink = new RecordingSink();
  private long lsn = 1;
  private long xid = 100;

  @BeforeEach
  void follow() {
    hub.placing().readBy(asked::add);
    horizon();
    horizon();
    follow(sink);
  }

  @Test
  void aRunThatIsNotKnownIsReadOnceAndItsChunksWait() {
    chunks("a", 0);
    chunks("a", 1);
    chunks("b", 0);

    assertThat(asked).extracting(Placing.Asked::run).containsExactly(id("a"), id("b"));
    assertThat(sink.events()).isEmpty();
    answer(0, MINE);
    answer(1, Sample.run("b").xid(50));
    assertThat(told()).containsExactly("a 0", "a 1");
    chunks("a", 2);
    chunks("b", 1);
    assertThat(told()).containsExactly("a 2");
    assertThat(asked).as("both are known now").hasSize(2);
  }

  @Test
  void nobodyWhoMightBeToldClaimsToBeBeyondWhatWaits() {
    chunks("a", 0);
    long waiting = lsn;
    change(MINE.version(2).xid(xid++), "b");
    assertThat(sink.cursor.position().isAfter(at(waiting))).isFalse();
    chunks("c", 0);
    answer(1, Sample.run("c").xid(50));
    change(MINE.version(3).xid(xid++), "b");
    assertThat(sink.cursor.position().isAfter(at(waiting))).isFalse();
    answer(0, MINE);

    assertThat(sink.cursor.position()).isEqualTo(at(lsn));
  }

  @Test
  void whatIsToldLateIsClaimedPieceByPiece() {
    chunks("a", 0);
    chunks("a", 1);
    chunks("a", 2);
    long last = lsn;
    change(MINE.version(2).xid(xid++), "b");
    sink.events();
    answer(0, MINE);

    assertThat(sink.cursors.get(0).position()).isEqualTo(at(last - 1).before());
    assertThat(sink.cursors.get(1).position()).isEqualTo(at(last).before());
    assertThat(sink.cursors.get(2).position()).isEqualTo(at(lsn));
  }

  @Test
  void aChangeOfTheRunSaysWhoseItsChunksWere() {
    chunks("a", 0);
    change(MINE.xid(xid++), "a");

    assertThat(sink.events()).containsExactly("chunk", "run");
    assertThat(asked).hasSize(1);
    answer(0, Sample.run("a").xid(50));
    assertThat(sink.events()).isEmpty();
  }

  @Test
  void whoIsNotThereYetIsAskedForWithTheNextHorizon() {
    chunks("a", 0);
    hub.placing().placed(asked.get(0), new Visibility(90, 90, Set.of()), null, hub.heard().pin());
    assertThat(asked).hasSize(1);
    horizon();
    assertThat(asked).hasSize(2);
    answer(1, MINE);

    assertThat(told()).containsExactly("a 0");
  }

  @Test
  void whoIsGoneForGoodIsNotWaitedFor() {
    chunks("a", 0);
    hub.placing().placed(asked.get(0), everything(), null, hub.heard().pin());
    change(MINE.version(2).xid(xid++), "b");
    horizon();

    assertThat(asked).hasSize(1);
    assertThat(sink.cursor.position()).isEqualTo(at(lsn - 1));
  }

  @Test
  void aReadThatFailedIsMadeAgainWithTheNextHorizon() {
    chunks("a", 0);
    hub.placing().failed(asked.get(0));
    chunks("a", 1);
    assertThat(asked).hasSize(1);
    horizon();
    answer(1, MINE);

    assertThat(told()).containsExactly("a 0", "a 1");
  }

  @Test
  void aRowThatIsAheadOfTheLogDecidesNothing() {
    chunks("a", 0);
    answer(0, MINE.version(2).xid(xid));
    assertThat(sink.events()).isEmpty();
    change(MINE.version(2).xid(xid++), "a");

    assertThat(sink.events()).containsExactly("chunk", "run");
  }

  @Test
  void ifMoreWaitThanCanBeKeptEverybodyIsReadForAgain() {
    for (int i = 0; i < MANY; i++) {
      assertThat(resync.feeds).isZero();
      chunks("a", i);
    }

    assertThat(resync.feeds).isEqualTo(1);
  }

  @Test
  void whenTheLastHasLeftNothingIsAskedForAndNothingIsKept() {
    chunks("a", 0);
    answer(0, MINE);
    hub.endAll(CloseCode.SHUTDOWN);
    chunks("b", 0);
    assertThat(asked).hasSize(1);
    RecordingSink next = new RecordingSink();
    follow(next);

    assertThat(asked)
        .as("what happened meanwhile was not heard")
        .extracting(Placing.Asked::run)
        .containsExactly(id("a"), id("a"), id("b"));
  }

  @Test
  void whatIsSentInToARunOrTracedOfItConcernsNobodyHere() {
    chunks("a", StreamKey.RESERVED + "in", 0);

    assertThat(asked).isEmpty();
    assertThat(sink.events()).isEmpty();
  }

  @Test
  void aStatusThatItLeftIsNoneOfItsFeed() {
    RecordingSink running = new RecordingSink();
    Narrowing narrowing = new Narrowing(null, Set.of(RunStatus.EXECUTING), Set.of());
    follow(running, new Filter.ByEnvironment(Sample.ENVIRONMENT, narrowing));
    chunks("a", 0);
    answer(0, MINE.status(RunStatus.EXECUTING));
    move(MINE.version(2).xid(xid++).status(RunStatus.PENDING), RunStatus.EXECUTING);
    chunks("a", 1);

    assertThat(running.events()).containsExactly("live", "chunk", "leave");
    assertThat(told()).containsExactly("a 0", "a 1");
  }

  @Test
  void whatAReadHasShownIsNotToldOnceItsRunIsKnown() {
    RecordingSink late = new RecordingSink();
    chunks("a", 0);
    follow(late, TAGGED, everything());
    horizon();
    answer(0, MINE);

    assertThat(told()).containsExactly("a 0");
    assertThat(late.events()).containsExactly("live");
    change(MINE.version(2).xid(xid++), "a");
    horizon();
    change(MINE.version(3).xid(xid++), "a");
    assertThat(late.cursor.position()).as("nothing is left to be proven").isEqualTo(at(lsn));
  }

  @Test
  void whatWaitsForANewcomerIsToldToNobodyElse() {
    RecordingSink unproven = new RecordingSink();
    RecordingSink late = new RecordingSink();
    xid += 5;
    follow(unproven, TAGGED, everything());
    chunks("a", 0);
    answer(0, MINE);
    for (String other : List.of("b", "c")) {
      chunks(other, 0);
      answer(asked.size() - 1, Sample.run(other).xid(50));
    }
    assertThat(toldTo(unproven)).as("its run is forgotten since").containsExactly("a 0");
    follow(late, TAGGED);
    answer(3, MINE);

    assertThat(toldTo(late)).containsExactly("a 0");
    assertThat(toldTo(unproven)).isEmpty();
  }

  @Test
  void inAHoleARunIsReadFromItsBeginningWhereItMayHaveComeIn() {
    dispatch(new ChangeBatch.Oversized(new Lsn(lsn + 1), xid++, Set.of(Sample.ENVIRONMENT), null));
    Visibility before = new Visibility(100, 100, Set.of());
    Subscription tagged = follow(new RecordingSink(), TAGGED, before);
    Filter all = new Filter.ByEnvironment(Sample.ENVIRONMENT, Narrowing.NONE);
    Subscription everything = follow(new RecordingSink(), all, before);
    chunks("a", 0);
    answer(0, MINE);

    assertThat(tagged.intake().beginReading(id("a")).range()).isEqualTo(ChunkRange.ALL);
    assertThat(everything.intake().beginReading(id("a")).range()).isEqualTo(ChunkRange.since(100));
  }

  @Test
  void ofARunThatHasLeftByWhatAReadHasShownNothingIsTold() {
    RecordingSink running = new RecordingSink();
    Narrowing narrowing = new Narrowing(null, Set.of(RunStatus.EXECUTING), Set.of());
    chunks("a", 0);
    answer(0, MINE.status(RunStatus.EXECUTING));
    long hidden = xid;
    chunks("a", 1);
    move(MINE.version(2).xid(xid++).status(RunStatus.PENDING), RunStatus.EXECUTING);
    follow(
        running,
        new Filter.ByEnvironment(Sample.ENVIRONMENT, narrowing),
        new Visibility(hidden, xid, Set.of(hidden)));

    assertThat(running.events()).containsExactly("live");
  }

  private List<String> told() {
    return toldTo(sink);
  }

  private static List<String> toldTo(RecordingSink client) {
    List<String> told =
        client.frames.stream()
            .filter(Frame.Chunk.class::isInstance)
            .map(Frame.Chunk.class::cast)
            .map(chunk -> chunk.run() + " " + chunk.seq())
            .toList();
    client.events();
    return told;
  }

  private static RunId id(String run) {
    return new RunId(run);
  }

  private static Position at(long lsn) {
    return new Position(new Lsn(lsn), 0);
  }

  private Visibility everything() {
    return new Visibility(xid, xid, Set.of());
  }

  private void follow(RecordingSink client) {
    follow(client, TAGGED);
    client.events();
  }

  /** A subscription that was read for, with everything proven. */
  private void follow(RecordingSink client, Filter filter) {
    follow(client, filter, new Visibility(100, 100, Set.of()));
  }

  private Subscription follow(RecordingSink client, Filter filter, Visibility shown) {
    Subscription subscription =
        new Subscription(
            hub,
            filter,
            client,
            resync,
            new SubscriptionOptions(
                null, true, false, false, Duration.ZERO, StreamSelection.ALL, Set.of()));
    hub.add(subscription);
    Pin pin = hub.heard().pin();
    subscription.open().goLive(shown, pin);
    hub.heard().unpin(pin);
    return subscription;
  }

  private void answer(int which, Sample run) {
    Pin pin = hub.heard().pin();
    hub.placing().placed(asked.get(which), everything(), run.row(), pin);
    hub.heard().unpin(pin);
  }

  private void horizon() {
    dispatch(new ChangeBatch.Horizon(new Lsn(lsn + 1), xid, xid));
  }

  private void change(Sample run, String id) {
    Sample other =
        new Sample(
            run.environment(),
            id(id),
            run.version(),
            run.xid(),
            run.status(),
            run.tags(),
            run.links(),
            run.payload());
    move(other, null);
  }

  private void move(Sample run, RunStatus before) {
    dispatch(
        new ChangeBatch.Committed(
            new Lsn(lsn + 1),
            run.xid(),
            Instant.EPOCH,
            List.of(run.updated(lsn + 1, 0, before, null))));
  }

  private void chunks(String run, long seq) {
    chunks(run, "s", seq);
  }

  private void chunks(String run, String stream, long seq) {
    StreamSegment segment =
        new StreamSegment(
            new StreamKey(Sample.ENVIRONMENT, id(run), stream), 1, seq, 1, "1", 1, Instant.EPOCH);
    dispatch(
        new ChangeBatch.Committed(
            new Lsn(lsn + 1),
            xid,
            Instant.EPOCH,
            List.of(),
            List.of(new SegmentAppended(at(lsn + 1), xid, segment))));
    xid++;
  }

  private void dispatch(ChangeBatch.Entry entry) {
    hub.dispatch(
        new ChangeBatch(new Incarnation(1, 1), 1, new Lsn(lsn), entry.lsn(), List.of(entry)));
    lsn++;
  }
}
