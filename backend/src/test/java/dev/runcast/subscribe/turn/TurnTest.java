package dev.runcast.subscribe.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.hub.Hub;
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
import dev.runcast.run.place.Visibility;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.subscribe.SubscribeFlow;
import dev.runcast.subscribe.SubscribeRequest;
import dev.runcast.subscribe.TallyFlow;
import dev.runcast.testing.Bearers;
import dev.runcast.testing.Sample;
import dev.runcast.wire.Columns;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One turn after the other, on an event loop that goes on only when the test says so. */
class TurnTest {
  private static final RunId A = new RunId("a");
  private static final Filter ONE = new Filter.ByRun(Sample.ENVIRONMENT, A, Filter.Narrowing.NONE);
  private static final Filter EXECUTING =
      new Filter.ByEnvironment(
          Sample.ENVIRONMENT, new Filter.Narrowing(null, Set.of(RunStatus.EXECUTING), Set.of()));

  private final ModelTable table = new ModelTable();
  private final Deque<Runnable> soon = new ArrayDeque<>();
  private final List<Runnable> later = new ArrayList<>();
  private final Hub hub = new Hub(Hub.Budgets.DEFAULT, InstantSource.fixed(Instant.EPOCH));
  private final TurnLoop loop = loopWithPartsOf(1 << 20);
  private final List<TurnAnswer> answers = new ArrayList<>();
  private Incarnation history = new Incarnation(1, 1);
  private long lsn = 1;
  private long xid = 100;

  @BeforeEach
  void hearTwoHorizons() {
    horizon();
    horizon();
  }

  @Test
  void waitsForARunThatIsReadThoughOtherNewsIsThere() {
    TurnOffset before = news(ask(EXECUTING, null)).offset();
    horizon();
    TurnOffset settled = news(ask(EXECUTING, before)).offset();
    begin(EXECUTING, settled, true);
    enters("a", false);
    enters("b", true);
    run();
    runLater();
    runLater();
    assertThat(answers).as("a is still being read").isEmpty();

    table.singles.get(0).complete(new FeedReader.One(table.shown, table.rows.get("a")));
    run();
    runLater();

    assertThat(told(news(only()))).containsExactlyInAnyOrder("a 2", "b 2");
  }

  @Test
  void tellsWhatThereIsOfARunThatCanNotBeReadWhenItWasHeldForLongEnough() {
    TurnOffset before = news(ask(EXECUTING, null)).offset();
    begin(EXECUTING, before, true);
    enters("a", false);
    enters("b", true);
    run();
    for (int i = 0; i < 5; i++) {
      loop.tick();
    }

    TurnAnswer.News held = news(only());

    assertThat(told(held)).containsExactly("b 2");
    begin(EXECUTING, held.offset(), true);
    table.singles.get(1).complete(new FeedReader.One(table.shown, table.rows.get("a")));
    run();
    runLater();
    assertThat(told(news(only()))).as("a was not forgotten").contains("a 2");
  }

  @Test
  void namesARunThatWasReadAheadOfTheLogAndDoesNotTellItAgain() {
    TurnOffset before = news(ask(EXECUTING, null)).offset();
    horizon();
    begin(EXECUTING, news(ask(EXECUTING, before)).offset(), true);
    enters("a", false);
    Sample ahead = Sample.run("a").xid(xid++).status(RunStatus.EXECUTING);
    write(ahead.version(3).row());
    table.singles.get(0).complete(new FeedReader.One(table.shown, table.rows.get("a")));
    run();
    TurnAnswer.News first = news(only());
    assertThat(told(first)).containsExactly("a 3");

    commit(ahead.version(3).untouched().updated(lsn + 1, 0));

    TurnAnswer.News second = news(ask(EXECUTING, first.offset()));
    assertThat(told(second)).isEmpty();
    assertThat(second.offset().told()).extracting(TurnOffset.Told::version).containsExactly(3L);
    horizon();
    assertThat(news(ask(EXECUTING, second.offset())).offset().told()).isEmpty();
  }

  @Test
  void leavesOutWhatTheReadBeforeHasShownThoughTheOffsetNamesAnEarlierVersion() {
    write(Sample.run("a").version(4).xid(xid++).status(RunStatus.EXECUTING).row());
    horizon();
    Bookmark read = new Bookmark(Cursor.ofRead(history, 100), table.shown, 1);

    TurnOffset named = new TurnOffset(read, List.of(new TurnOffset.Told(A, 3, 500)));
    TurnOffset unread =
        new TurnOffset(
            new Bookmark(read.cursor(), null, 0), List.of(new TurnOffset.Told(A, 3, 500)));

    assertThat(told(news(ask(EXECUTING, named)))).isEmpty();
    assertThat(told(news(ask(EXECUTING, unread)))).containsExactly("a 4");
  }

  @Test
  void doesNotTellAVersionOfOneRunTwiceThoughTheTableIsReadAgain() {
    write(Sample.run("a").version(7).xid(xid++).row());
    TurnAnswer.News first = news(ask(ONE, null));
    assertThat(told(first)).containsExactly("a 7");

    lsn += 10;
    horizon();

    assertThat(told(news(ask(ONE, first.offset())))).isEmpty();
  }

  @Test
  void tellsOneRunAgainInAnotherHistoryWhereItMayHaveComeToItsVersionByAnotherWay() {
    write(Sample.run("a").version(7).xid(xid++).row());
    TurnAnswer.News first = news(ask(ONE, null));

    history = new Incarnation(2, 1);
    write(Sample.run("a").version(7).xid(xid++).status(RunStatus.COMPLETED_SUCCESSFULLY).row());
    horizon();

    TurnAnswer.News second = news(ask(ONE, first.offset()));
    assertThat(told(second)).containsExactly("a 7");
    assertThat(second.offset().told()).extracting(TurnOffset.Told::version).containsExactly(7L);
  }

  @Test
  void forgetsWhatItGatheredOfOneRunWhenAnotherHistoryBeginsInItsMidst() {
    write(Sample.run("a").version(7).xid(xid++).row());
    TurnOffset before = news(ask(ONE, null)).offset();
    loop.open(request(ONE, before, true), answers::add);
    commit(Sample.run("a").version(8).xid(xid++).updated(lsn + 1, 0));

    history = new Incarnation(2, 1);
    write(Sample.run("a").version(3).xid(xid++).row());
    horizon();

    assertThat(told(news(only()))).containsExactly("a 3");
  }

  @Test
  void answersInPartsAtPlacesFromWhichTheNextTurnGoesOn() {
    TurnLoop narrow = loopWithPartsOf(1);
    for (int i = 0; i < 5; i++) {
      write(Sample.run("r" + i).xid(xid++).status(RunStatus.EXECUTING).row());
    }
    horizon();
    table.pageRows = 2;

    List<String> told = new ArrayList<>();
    TurnOffset offset = null;
    boolean upToDate = false;
    for (int turns = 0; !upToDate && turns < 10; turns++) {
      narrow.open(request(EXECUTING, offset, false), answers::add);
      run();
      TurnAnswer.News part = news(only());
      assertThat(part.told().size()).isLessThanOrEqualTo(2);
      told.addAll(told(part));
      offset = part.offset();
      upToDate = part.upToDate();
    }

    assertThat(upToDate).isTrue();
    assertThat(told).containsExactly("r0 1", "r1 1", "r2 1", "r3 1", "r4 1");
  }

  @Test
  void answersAsOneWhatNoPlaceDivides() {
    TurnLoop narrow = loopWithPartsOf(1);
    TurnOffset before = news(ask(EXECUTING, null)).offset();
    lsn += 10;
    take(new ChangeBatch.Horizon(new Lsn(lsn + 1), 100, 100));
    for (int i = 0; i < 3; i++) {
      write(Sample.run("r" + i).xid(xid++).status(RunStatus.EXECUTING).row());
    }

    TurnOffset cursorOnly =
        new TurnOffset(
            new Bookmark(Cursor.ofRead(history, before.bookmark().cursor().horizon()), null, 0),
            List.of());
    narrow.open(request(EXECUTING, cursorOnly, false), answers::add);
    run();

    TurnAnswer.News answer = news(only());
    assertThat(told(answer)).hasSize(3);
    assertThat(answer.upToDate()).isTrue();
    assertThat(answer.offset().bookmark().shown()).as("what comes behind it").isNotNull();
  }

  @Test
  void sendsAFollowerOfManyBackToTheBeginningInAnotherHistory() {
    TurnOffset before = news(ask(EXECUTING, null)).offset();

    history = new Incarnation(2, 1);
    horizon();

    assertThat(ask(EXECUTING, before)).isInstanceOf(TurnAnswer.BeginAnew.class);
  }

  @Test
  void sendsItBackThoughItsHoldIsOverBeforeItCameToThat() {
    TurnOffset before = news(ask(EXECUTING, null)).offset();
    history = new Incarnation(2, 1);
    horizon();
    loop.open(request(EXECUTING, before, true), answers::add);

    for (int i = 0; i < 5; i++) {
      loop.tick();
    }

    assertThat(only()).isInstanceOf(TurnAnswer.BeginAnew.class);
  }

  @Test
  void isAnsweredOnceAndNotAtAllWhenTheClientLeavesFirst() {
    TurnOffset before = news(ask(EXECUTING, null)).offset();
    Turn turn = loop.open(request(EXECUTING, before, true), answers::add);
    enters("b", true);
    turn.leave();
    run();

    assertThat(answers).isEmpty();
    assertThat(hub.audience().size()).isZero();
    begin(EXECUTING, before, true);
    enters("c", true);
    run();
    for (int i = 0; i < 5; i++) {
      loop.tick();
    }
    assertThat(answers).hasSize(1);
    assertThat(hub.audience().size()).isZero();
  }

  private TurnLoop loopWithPartsOf(long bytes) {
    return new TurnLoop(
        new SubscribeFlow(
            hub,
            table,
            new TallyFlow(
                hub,
                (feed, digest) -> Future.failedFuture("a turn asks for no sums"),
                1,
                (delay, task) -> later.add(task),
                Bearers.watch(hub)),
            4,
            (delay, task) -> later.add(task),
            Bearers.watch(hub)),
        new TurnLoop.Bounds(TurnLoop.TICK.multipliedBy(4), bytes),
        new TurnLoop.Turns(soon::add, (delay, task) -> later.add(task)),
        new Random(1));
  }

  // What clients do.

  private TurnAnswer ask(Filter filter, TurnOffset offset) {
    begin(filter, offset, false);
    return only();
  }

  private void begin(Filter filter, TurnOffset offset, boolean live) {
    loop.open(request(filter, offset, live), answers::add);
    run();
  }

  private static TurnRequest request(Filter filter, TurnOffset offset, boolean live) {
    return new TurnRequest(
        Bearers.KEY,
        new SubscribeRequest(
            filter,
            Columns.ALL,
            offset == null ? null : offset.bookmark().cursor(),
            false,
            false,
            Duration.ZERO),
        offset == null ? null : TurnOffset.parse(offset.toString()),
        live);
  }

  private TurnAnswer only() {
    assertThat(answers).hasSize(1);
    return answers.remove(0);
  }

  private static TurnAnswer.News news(TurnAnswer answer) {
    assertThat(answer).isInstanceOf(TurnAnswer.News.class);
    return (TurnAnswer.News) answer;
  }

  private static List<String> told(TurnAnswer.News news) {
    return news.told().stream().map(each -> each.id() + " " + each.version()).toList();
  }

  // What happens.

  private void run() {
    while (!soon.isEmpty()) {
      soon.remove().run();
    }
  }

  private void runLater() {
    List<Runnable> due = List.copyOf(later);
    later.clear();
    due.forEach(Runnable::run);
    run();
  }

  /** A run begins to execute; where that does not tell all of it, it has to be read. */
  private void enters(String id, boolean whole) {
    Sample run = Sample.run(id).version(2).xid(xid++).status(RunStatus.EXECUTING);
    write(run.row());
    Sample logged = whole ? run : run.untouched();
    commit(logged.updated(lsn + 1, 0, RunStatus.PENDING, null));
  }

  private void write(Run row) {
    table.rows.put(row.id().value(), row);
    table.shown = new Visibility(xid, xid, Set.of());
  }

  private void commit(RunChanged change) {
    take(new ChangeBatch.Committed(new Lsn(lsn + 1), change.xid(), Instant.EPOCH, List.of(change)));
  }

  private void horizon() {
    take(new ChangeBatch.Horizon(new Lsn(lsn + 1), xid, xid));
    run();
  }

  private void take(ChangeBatch.Entry entry) {
    hub.dispatch(new ChangeBatch(history, 1, new Lsn(lsn), entry.lsn(), List.of(entry)));
    lsn++;
  }
}
