package dev.runcast.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.log.Pin;
import dev.runcast.hub.tally.Recount;
import dev.runcast.hub.tally.Sums;
import dev.runcast.hub.tally.Tally;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.tally.FeedTally;
import dev.runcast.run.tally.RunHash;
import dev.runcast.testing.Sample;
import dev.runcast.wire.CloseCode;
import dev.runcast.wire.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When counts and digests are told, and to whom; that they are right, the simulation shows. */
class SummedTest {
  private static final Filter EVERYTHING =
      new Filter.ByEnvironment(Sample.ENVIRONMENT, Narrowing.NONE);
  private static final Sums COUNTS = new Sums(true, false, false);
  private static final Sums DIGEST = new Sums(false, true, false);

  private Instant now = Instant.EPOCH;
  private final Hub hub = new Hub(Hub.Budgets.DEFAULT, () -> now);
  private final RecordingSink sink = new RecordingSink();
  private final RecordingRecount recount = new RecordingRecount();
  private long lsn = 1;

  @BeforeEach
  void hearTwoHorizons() {
    horizon(100);
    horizon(100);
  }

  @Test
  void whoWantsNoRowsIsToldTheCountsAndThatTheyAreLive() {
    follow(false, COUNTS);
    assertThat(sink.events()).isEmpty();

    recount.answer(100, Sample.run("a"), Sample.run("b").status(RunStatus.EXECUTING));

    assertThat(counted()).containsExactly(Map.of("QUEUED", 1L, "EXECUTING", 1L));
    assertThat(sink.events()).containsExactly("counts", "live");
    assertThat(sink.cursor).isEqualTo(hub.heard().now().orElseThrow());
  }

  @Test
  void aChangeIsToldAtOnceAndManyChangesNowAndThen() {
    follow(false, COUNTS);
    recount.answer(100);
    sink.events();
    now = now.plus(Tally.PACE);

    insert(Sample.run("a").xid(101));
    insert(Sample.run("b").xid(102));
    insert(Sample.run("c").xid(103));
    assertThat(counted()).containsExactly(Map.of("QUEUED", 1L));
    assertThat(recount.timers).hasSize(1);
    recount.runTimers();

    assertThat(counted()).containsExactly(Map.of("QUEUED", 1L), Map.of("QUEUED", 3L));
    recount.runTimers();
    assertThat(counted()).as("nothing is told twice").hasSize(2);
  }

  @Test
  void whatChangesNoCountIsNotTold() {
    follow(false, COUNTS);
    recount.answer(100, Sample.run("a"));
    sink.events();
    now = now.plus(Tally.PACE);

    update(Sample.run("a").xid(101).version(2));

    assertThat(sink.frames).isEmpty();
  }

  @Test
  void aFeedIsCountedOnceForAllWhoFollowItAndNotForNobody() {
    Subscription first = follow(false, COUNTS);
    recount.answer(100, Sample.run("a"));
    RecordingSink later = new RecordingSink();
    Subscription second = follow(later, true, COUNTS);

    assertThat(recount.reads).isEqualTo(1);
    assertThat(later.events()).as("rows come first").isEmpty();
    goLive(second);
    assertThat(later.events()).containsExactly("live", "counts");
    first.close();
    assertThat(hub.tallies().size()).isEqualTo(1);
    second.end(CloseCode.MAX_AGE);

    assertThat(hub.tallies().size()).isZero();
  }

  @Test
  void aSlowClientIsOwedTheNewestCountsAndNothingElse() {
    follow(false, COUNTS);
    recount.answer(100);
    sink.events();
    sink.fill();
    for (int i = 0; i < 5; i++) {
      now = now.plus(Tally.PACE);
      insert(Sample.run("r" + i).xid(101 + i));
    }
    assertThat(sink.frames).isEmpty();

    sink.drain();

    assertThat(counted()).containsExactly(Map.of("QUEUED", 5L));
    now = now.plusSeconds(1_000);
    horizon(200);
    hub.tick();
    assertThat(sink.closedWith).as("it is not behind any more").isNull();
  }

  @Test
  void aClientThatTakesNoCountsForTooLongIsHungUpOn() {
    follow(false, COUNTS);
    recount.answer(100);
    sink.fill();
    now = now.plus(Tally.PACE);
    insert(Sample.run("a").xid(101));

    now = now.plusSeconds(61);
    hub.tick();

    assertThat(sink.closedWith).isEqualTo(CloseCode.SLOW_CONSUMER);
    assertThat(hub.tallies().size()).isZero();
  }

  @Test
  void aDigestComesWithAHorizonOnceNothingIsLeftToBeProven() {
    Subscription subscription = follow(true, new Sums(false, true, true));
    recount.answer(100, Sample.run("a"));
    goLive(subscription);
    insert(Sample.run("b").xid(101));
    assertThat(sink.events()).containsExactly("live", "run");

    horizon(103);
    horizon(103);

    assertThat(sink.events()).as("once, since nothing changed").containsExactly("digest");
    update(Sample.run("b").xid(103).version(2));
    horizon(104);
    Frame.Digest digest = (Frame.Digest) sink.frames.get(1);
    long sum = RunHash.of(Sample.run("a").id(), 1) + RunHash.of(Sample.run("b").id(), 2);
    assertThat(digest).as("its parts only at first").isEqualTo(new Frame.Digest(sum, 2, List.of()));
    assertThat(sink.cursor).isEqualTo(hub.heard().now().orElseThrow());
  }

  @Test
  void theFirstDigestHasItsPartsWhereTheyAreAskedFor() {
    Subscription subscription = follow(true, new Sums(false, true, true));
    recount.answer(100, Sample.run("a"));
    goLive(subscription);
    sink.events();

    horizon(103);

    Frame.Digest digest = (Frame.Digest) sink.frames.get(0);
    assertThat(digest.buckets()).hasSize(RunHash.BUCKETS);
    assertThat(digest.buckets().get(RunHash.bucketOf(Sample.run("a").id())))
        .isEqualTo(digest.digest());
  }

  @Test
  void noDigestIsToldWhileSomethingWaitsForTheClient() {
    Subscription subscription = follow(true, DIGEST);
    recount.answer(100);
    goLive(subscription);
    horizon(103);
    sink.events();
    sink.fill();
    insert(Sample.run("a").xid(103));

    horizon(104);
    assertThat(sink.frames).isEmpty();
    sink.drain();
    horizon(104);

    assertThat(sink.events()).containsExactly("run", "digest");
  }

  @Test
  void aDigestAskedForLaterHasTheFeedReadAgainWhileCountsGoOn() {
    follow(false, COUNTS);
    recount.answer(100);
    sink.events();
    RecordingSink other = new RecordingSink();
    goLive(follow(other, true, DIGEST));
    now = now.plus(Tally.PACE);
    insert(Sample.run("a").xid(102));
    assertThat(sink.events()).containsExactly("counts");

    recount.answer(103, Sample.run("a").xid(102));
    horizon(104);

    assertThat(recount.reads).isEqualTo(2);
    assertThat(other.events()).containsExactly("live", "run", "digest");
  }

  @Test
  void whatHasDriftedIsFoundByARecountAndTheRecountWins() {
    follow(false, COUNTS);
    recount.answer(100, Sample.run("a"));
    horizon(101);
    insert(Sample.run("b").xid(101));
    recount.runTimers();
    now = now.plusSeconds(59);
    hub.tick();
    assertThat(recount.reads).as("not yet").isEqualTo(1);
    now = now.plusSeconds(1);
    hub.tick();
    assertThat(recount.reads).isEqualTo(2);
    sink.events();

    recount.answer(102, Sample.run("a"), Sample.run("b"), Sample.run("c"));
    assertThat(counted()).as("not before it is proven").isEmpty();
    horizon(105);

    assertThat(counted()).containsExactly(Map.of("QUEUED", 3L));
    assertThat(hub.tallies().differences()).isEqualTo(1);
    assertThat(recount.differences).hasSize(1);
    now = now.plusSeconds(1_000);
    hub.tick();
    assertThat(recount.reads).as("nothing has changed since").isEqualTo(2);
  }

  private List<Map<String, Long>> counted() {
    return sink.frames.stream()
        .filter(Frame.Counts.class::isInstance)
        .map(frame -> (Map<String, Long>) ((Frame.Counts) frame).byStatus())
        .toList();
  }

  private static FeedTally.Part part(Sample row) {
    long hash = RunHash.of(row.id(), row.version());
    return new FeedTally.Part(row.status(), RunHash.bucketOf(row.id()), 1, hash);
  }

  private Subscription follow(boolean rows, Sums sums) {
    return follow(sink, rows, sums);
  }

  private Subscription follow(RecordingSink to, boolean rows, Sums sums) {
    SubscriptionOptions options = new SubscriptionOptions(null, rows, false, false, Duration.ZERO);
    Subscription subscription =
        new Subscription(hub, EVERYTHING, to, new RecordingResync(), options);
    hub.add(subscription);
    subscription.sum(sums, recount);
    return subscription;
  }

  private void goLive(Subscription subscription) {
    Pin pin = hub.heard().pin();
    subscription.open().goLive(new Visibility(100, 100, Set.of()), pin);
    hub.heard().unpin(pin);
  }

  private void horizon(long xmin) {
    dispatch(new ChangeBatch.Horizon(new Lsn(lsn + 1), xmin, xmin));
  }

  private void insert(Sample run) {
    commit(run.xid(), run.inserted(lsn + 1, 0));
  }

  private void update(Sample run) {
    commit(run.xid(), run.updated(lsn + 1, 0));
  }

  private void commit(long xid, RunChanged change) {
    dispatch(new ChangeBatch.Committed(new Lsn(lsn + 1), xid, Instant.EPOCH, List.of(change)));
  }

  private void dispatch(ChangeBatch.Entry entry) {
    hub.dispatch(
        new ChangeBatch(new Incarnation(1, 1), 1, new Lsn(lsn), entry.lsn(), List.of(entry)));
    lsn++;
  }

  /** Keeps what was asked to be read; the test answers. */
  private final class RecordingRecount implements Recount {
    private final List<Runnable> timers = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();
    private Tally asking;
    private Pin pin;
    private int reads;

    @Override
    public void read(Tally tally) {
      asking = tally;
      pin = hub.heard().pin();
      reads++;
    }

    /**
     * @param next the transactions below this are shown by the snapshot
     */
    void answer(long next, Sample... rows) {
      List<FeedTally.Part> parts = Arrays.stream(rows).map(SummedTest::part).toList();
      asking.take(new FeedTally(new Visibility(next, next, Set.of()), parts), pin);
      hub.heard().unpin(pin);
    }

    @Override
    public void later(Duration delay, Runnable task) {
      timers.add(task);
    }

    void runTimers() {
      List<Runnable> due = List.copyOf(timers);
      timers.clear();
      due.forEach(Runnable::run);
    }

    @Override
    public void differs(Tally tally, String moved, String recounted) {
      differences.add(moved + " / " + recounted);
    }
  }
}
