package dev.runcast.store.feed;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.feed.FeedReader.Rows;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunFeedsIT {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");
  private static final Filter EVERYTHING = new Filter.ByEnvironment(ENV, Narrowing.NONE);
  private static final long NO_BOUND = Long.MAX_VALUE;

  private static Vertx vertx;
  private static TestDatabase postgres;
  private static Database database;
  private static RunFeeds feeds;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
    postgres = TestPostgres.database();
    database = Database.open(vertx, postgres.options(), Database.Size.DEFAULT);
    feeds = new RunFeeds(database, new RunFeeds.PageSize(5, 10_000));
  }

  @AfterAll
  static void close() {
    await(database.close());
    await(vertx.close());
  }

  @BeforeEach
  void empty() {
    postgres.execute(
        """
        update run set status = 'DELETED' where status <> 'DELETED';
        delete from run;
        delete from purge_watermark;
        insert into project (id, reference, name) values ('p', 'p', 'p') on conflict do nothing;
        insert into environment (id, project_id, slug)
          values ('env_a', 'p', 'a'), ('env_b', 'p', 'b') on conflict do nothing""");
  }

  @Test
  void pagesGoByTheWritingTransactionThenTheId() {
    insert("b", "a");
    insert("c");
    insert("Z", "d", "_e");
    postgres.execute("update run set status = 'EXECUTING' where id = 'b'");

    Rows first = await(feeds.page(EVERYTHING, FeedReader.Key.START, NO_BOUND));
    Rows second = await(feeds.page(EVERYTHING, keyOf(last(first)), NO_BOUND));

    assertThat(ids(first)).containsExactly("a", "c", "Z", "_e", "d");
    assertThat(first.complete()).isFalse();
    assertThat(ids(second)).containsExactly("b");
    assertThat(second.complete()).isTrue();
  }

  @Test
  void aPageGoesOnWithinOneTransaction() {
    insert(IntStream.range(10, 22).mapToObj(n -> "r" + n).toArray(String[]::new));

    List<String> read = new ArrayList<>();
    FeedReader.Key after = FeedReader.Key.START;
    boolean complete = false;
    while (!complete) {
      Rows rows = await(feeds.page(EVERYTHING, after, NO_BOUND));
      read.addAll(ids(rows));
      after = keyOf(last(rows));
      complete = rows.complete();
    }

    assertThat(read)
        .containsExactlyElementsOf(IntStream.range(10, 22).mapToObj(n -> "r" + n).toList());
  }

  @Test
  void aTailIsCutWhereItBecomesTooLongUnlessAllIsAskedFor() {
    insert(IntStream.range(100, 200).mapToObj(n -> "r" + n).toArray(String[]::new));

    Rows bounded = await(feeds.tail(EVERYTHING, FeedReader.Key.START, false));
    Rows whole = await(feeds.tail(EVERYTHING, FeedReader.Key.START, true));
    Rows rest = await(feeds.tail(EVERYTHING, keyOf(last(bounded)), false));

    assertThat(bounded.complete()).isFalse();
    assertThat(bounded.runs()).hasSize(80);
    assertThat(whole.complete()).isTrue();
    assertThat(whole.runs()).hasSize(100);
    assertThat(rest.complete()).isTrue();
    assertThat(rest.runs()).hasSize(20);
  }

  @Test
  void aPageLeavesOutWhatIsAtOrBeyondTheBound() {
    insert("old");
    insert("new");
    long bound = await(feeds.one(ENV, new RunId("new"))).run().changedXid();

    Rows page = await(feeds.page(EVERYTHING, FeedReader.Key.START, bound));
    Rows tail = await(feeds.tail(EVERYTHING, new FeedReader.Key(bound, ""), true));

    assertThat(ids(page)).containsExactly("old");
    assertThat(page.complete()).isTrue();
    assertThat(ids(tail)).containsExactly("new");
  }

  @Test
  void aPageIsCutByBytesButHoldsAtLeastOneRow() {
    insert("r1", "r2", "r3");
    postgres.execute("update run set payload = repeat('x', 20000) where id = 'r1'");
    postgres.execute("update run set payload = repeat('x', 6000) where id = 'r2'");
    postgres.execute("update run set output = repeat('x', 6000) where id = 'r3'");

    Rows first = await(feeds.page(EVERYTHING, FeedReader.Key.START, NO_BOUND));
    Rows second = await(feeds.page(EVERYTHING, keyOf(last(first)), NO_BOUND));
    Rows third = await(feeds.page(EVERYTHING, keyOf(last(second)), NO_BOUND));

    assertThat(ids(first)).containsExactly("r1");
    assertThat(ids(second)).containsExactly("r2");
    assertThat(ids(third)).containsExactly("r3");
    assertThat(List.of(first.complete(), second.complete(), third.complete()))
        .containsExactly(false, false, true);
  }

  @Test
  void anEmptyRangeStillSaysWhatItsSnapshotShows() {
    Rows rows = await(feeds.page(EVERYTHING, FeedReader.Key.START, NO_BOUND));

    assertThat(rows.runs()).isEmpty();
    assertThat(rows.complete()).isTrue();
    assertThat(rows.visibility().xmax()).isPositive();
    assertThat(rows.watermark()).isZero();
  }

  @Test
  void scopesReadOnlyTheirOwnRuns() {
    insertWith("tagged", "tags", "'{a,b,c}'");
    insertWith("half", "tags", "'{a}'");
    insertWith("child", "parent_id", "'tagged'");
    insertWith("item", "batch_id", "'batch_1'");
    insertWith("elsewhere", "environment_id", "'env_b'");

    assertThat(tail(new Filter.ByTags(ENV, Set.of("a", "c"), Narrowing.NONE)))
        .containsExactly("tagged");
    assertThat(tail(new Filter.ByTags(ENV, Set.of("a"), Narrowing.NONE)))
        .containsExactly("tagged", "half");
    assertThat(tail(new Filter.ByParent(ENV, new RunId("tagged"), Narrowing.NONE)))
        .containsExactly("child");
    assertThat(tail(new Filter.ByBatch(ENV, new BatchId("batch_1"), Narrowing.NONE)))
        .containsExactly("item");
    assertThat(tail(new Filter.ByRun(ENV, new RunId("half"), Narrowing.NONE)))
        .containsExactly("half");
    assertThat(tail(EVERYTHING)).containsExactly("tagged", "half", "child", "item");
  }

  @Test
  void creationTimeAndTaskNarrowButStatusDoesNot() {
    insertWith("old", "created_at", "'2020-01-01T00:00:00Z'");
    insertWith("new", "created_at", "'2020-01-02T00:00:00.000001Z'");
    insertWith("other", "task_identifier", "'other-task'");
    postgres.execute("update run set status = 'CANCELED' where id = 'new'");
    Instant bound = Instant.parse("2020-01-02T00:00:00.000001Z");

    Narrowing created = new Narrowing(bound, Set.of(RunStatus.PENDING), Set.of("task"));

    assertThat(tail(new Filter.ByEnvironment(ENV, created))).containsExactly("new");
  }

  @Test
  void aTombstoneIsARowUntilItIsPurgedAndTheWatermarkSaysSoAfter() {
    insert("r1", "r2");
    postgres.execute("update run set status = 'DELETED' where id = 'r1'");
    Rows before = await(feeds.tail(EVERYTHING, FeedReader.Key.START, true));
    long tombstone = last(before).changedXid();
    postgres.execute("delete from run where status = 'DELETED'");
    Rows after = await(feeds.tail(EVERYTHING, FeedReader.Key.START, true));

    assertThat(last(before).status()).isEqualTo(RunStatus.DELETED);
    assertThat(before.watermark()).isZero();
    assertThat(ids(after)).containsExactly("r2");
    assertThat(after.watermark()).isEqualTo(tombstone);
  }

  @Test
  void theSnapshotDoesNotShowATransactionInProgress() throws SQLException {
    insert("seen");
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "insert into run (environment_id, id, task_identifier) values ('env_a', 'unseen', 't')");
      var xid = statement.executeQuery("select pg_current_xact_id()::text");
      xid.next();
      long unseen = Long.parseLong(xid.getString(1));

      Rows rows = await(feeds.tail(EVERYTHING, FeedReader.Key.START, true));

      assertThat(ids(rows)).containsExactly("seen");
      assertThat(rows.visibility().shows(unseen)).isFalse();
      assertThat(rows.visibility().shows(last(rows).changedXid())).isTrue();
      connection.rollback();
    }
  }

  @Test
  void oneRunIsReadWholeAndToTheMicrosecond() {
    insertWith("r1", "payload", "'{\"a\":1}'");
    postgres.execute(
        """
        update run set completed_at = '2024-02-29T12:34:56.123456Z', priority = 3,
          realtime_streams = '{log}', metadata = '{"p":1}', cost_in_cents = 0.1 where id = 'r1'""");

    Run run = await(feeds.one(ENV, new RunId("r1"))).run();

    assertThat(run.version()).isEqualTo(2);
    assertThat(run.isWhole()).isTrue();
    assertThat(run.contents().payload().orNull()).isEqualTo("{\"a\":1}");
    assertThat(run.contents().metadata().orNull()).isEqualTo("{\"p\":1}");
    assertThat(run.times().completedAt()).isEqualTo(Instant.parse("2024-02-29T12:34:56.123456Z"));
    assertThat(run.facts().realtimeStreams()).containsExactly("log");
    assertThat(run.facts().costInCents()).isEqualTo(0.1);
    assertThat(run.facts().maxAttempts()).isNull();
  }

  @Test
  void aRunThatIsNotThereIsNull() {
    assertThat(await(feeds.one(ENV, new RunId("nobody"))).run()).isNull();
  }

  private static List<String> tail(Filter filter) {
    return ids(await(feeds.tail(filter, FeedReader.Key.START, true)));
  }

  private static List<String> ids(Rows rows) {
    return rows.runs().stream().map(run -> run.id().value()).toList();
  }

  private static Run last(Rows rows) {
    return rows.runs().get(rows.runs().size() - 1);
  }

  private static FeedReader.Key keyOf(Run run) {
    return new FeedReader.Key(run.changedXid(), run.id().value());
  }

  private static void insert(String... ids) {
    postgres.execute(
        "insert into run (environment_id, id, task_identifier) select 'env_a', id, 'task' "
            + "from unnest(array['"
            + String.join("','", ids)
            + "']) id");
  }

  private static void insertWith(String id, String column, String value) {
    boolean task = column.equals("task_identifier");
    boolean environment = column.equals("environment_id");
    postgres.execute(
        "insert into run (id"
            + (environment ? "" : ", environment_id")
            + (task ? "" : ", task_identifier")
            + ", "
            + column
            + ") values ('"
            + id
            + "'"
            + (environment ? "" : ", 'env_a'")
            + (task ? "" : ", 'task'")
            + ", "
            + value
            + ")");
  }
}
