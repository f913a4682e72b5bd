package dev.runcast.store;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.FeedReader.Both;
import dev.runcast.store.feed.FeedReader.ChunkKey;
import dev.runcast.store.feed.FeedReader.Chunks;
import dev.runcast.store.feed.FeedReader.Wanted;
import dev.runcast.store.feed.RunFeeds;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What feeds read of chunks: in sequence, in pages, and no more than what is asked for. */
class ChunkFeedsIT {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");
  private static final Filter ALL = new Filter.ByEnvironment(ENV, Narrowing.NONE);
  private static final Filter VIP = new Filter.ByTags(ENV, Set.of("vip"), Narrowing.NONE);

  private static Vertx vertx;
  private static TestDatabase postgres;
  private static Database database;
  private static FeedReader feeds;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    postgres = TestPostgres.database();
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env_a', 'p', 'a'), ('env_b', 'p', 'b')""");
    database = Database.open(vertx, postgres.options(), Database.Size.DEFAULT);
    feeds = new RunFeeds(database, RunFeeds.PageSize.DEFAULT);
  }

  @AfterAll
  static void close() {
    await(database.close());
    await(vertx.close());
  }

  @BeforeEach
  void begin() {
    postgres.execute("truncate stream_segment; update run set status = 'DELETED'");
  }

  private static String run(String id, String tags, String status) {
    postgres.execute(
        "insert into run (environment_id, id, task_identifier, tags, status) values ('env_a', '%s', 't', '%s', '%s')"
            .formatted(id, tags, status));
    return id;
  }

  private static void append(String run, String key, long seq, String... chunks) {
    append("env_a", run, key, seq, chunks);
  }

  private static void append(String env, String run, String key, long seq, String... chunks) {
    postgres.execute(
        "insert into stream_segment (environment_id, run_id, key, first_seq, revision, count, chunks, writers)"
            + " values ('%s', '%s', '%s', %d, %d, %d, E'%s', 1)"
                .formatted(env, run, key, seq, seq + 1, chunks.length, String.join("\\n", chunks)));
  }

  private static Wanted all(ChunkRange range) {
    return new Wanted(StreamSelection.ALL, range);
  }

  private static List<String> told(Chunks chunks) {
    return chunks.segments().stream()
        .map(each -> each.stream().run() + "/" + each.stream().key() + "/" + each.firstSeq())
        .toList();
  }

  private static Chunks read(Filter filter, Wanted wanted) {
    return await(feeds.chunks(filter, wanted, ChunkKey.START));
  }

  private static Visibility now() {
    return read(ALL, all(ChunkRange.ALL)).visibility();
  }

  @Test
  void givesTheStreamsOfTheRunsOfAFeedInTheOrderOfTheirNumbers() {
    String b = run("r1_b", "{}", "EXECUTING");
    String a = run("r1_a", "{vip}", "EXECUTING");
    append(b, "s", 0, "1", "2");
    append(a, "s", 2, "3");
    append(a, "s", 0, "\"x\"", "{\"y\":1}");
    append(a, "log", 0, "1");
    append(a, "$$input/in", 0, "{}");
    append("env_b", a, "s", 0, "\"of another tenant\"");

    Chunks everything = read(ALL, all(ChunkRange.ALL));

    assertThat(told(everything)).containsExactly("r1_a/log/0", "r1_a/s/0", "r1_a/s/2", "r1_b/s/0");
    assertThat(everything.complete()).isTrue();
    assertThat(everything.segments().get(1).chunks()).isEqualTo("\"x\"\n{\"y\":1}");
    assertThat(told(read(VIP, new Wanted(new StreamSelection(Set.of("s")), ChunkRange.ALL))))
        .containsExactly("r1_a/s/0", "r1_a/s/2");
    Filter one = new Filter.ByRun(ENV, new RunId(b), Narrowing.NONE);
    assertThat(told(read(one, all(ChunkRange.ALL)))).containsExactly("r1_b/s/0");
  }

  @Test
  void leavesOutRunsThatAreNotInTheFeed() {
    String done = run("r2_a", "{vip}", "COMPLETED_SUCCESSFULLY");
    String deleted = run("r2_b", "{vip}", "EXECUTING");
    append(done, "s", 0, "1");
    append(deleted, "s", 0, "1");
    postgres.execute("update run set status = 'DELETED' where id = 'r2_b'");
    Narrowing executing = new Narrowing(null, Set.of(RunStatus.EXECUTING), Set.of());

    assertThat(told(read(VIP, all(ChunkRange.ALL)))).containsExactly("r2_a/s/0");
    assertThat(told(read(new Filter.ByEnvironment(ENV, executing), all(ChunkRange.ALL)))).isEmpty();
  }

  @Test
  void cutsPagesAndGoesOnBehindTheLastSegment() {
    String run = run("r3", "{}", "EXECUTING");
    for (int i = 0; i < 7; i++) {
      append(run, "s", i, "\"" + "x".repeat(200_000) + i + "\"");
    }
    List<StreamSegment> found = new ArrayList<>();
    ChunkKey place = ChunkKey.START;
    int pages = 0;
    boolean complete = false;
    while (!complete) {
      Chunks page = await(feeds.chunks(ALL, all(ChunkRange.ALL), place));
      found.addAll(page.segments());
      place = new ChunkKey(run, "s", found.get(found.size() - 1).firstSeq());
      complete = page.complete();
      pages++;
    }

    assertThat(found)
        .extracting(StreamSegment::firstSeq)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(pages).isEqualTo(4);
    Both first = await(feeds.tail(ALL, all(ChunkRange.ALL), FeedReader.Key.START, true));
    assertThat(first.rows()).as("the chunks come first").isNull();
  }

  @Test
  void givesWhatASnapshotDoesNotShow() {
    String run = run("r4", "{vip}", "EXECUTING");
    append(run, "s", 0, "1");
    Visibility before = now();
    append(run, "s", 1, "2");

    assertThat(told(read(VIP, all(ChunkRange.notShownBy(before))))).containsExactly("r4/s/1");
    assertThat(told(read(VIP, all(ChunkRange.since(before.xmax()))))).containsExactly("r4/s/1");
    assertThat(told(read(VIP, all(ChunkRange.notShownBy(now()))))).isEmpty();
  }

  @Test
  void givesAllOfARunThatHasComeIntoTheFeed() {
    String run = run("r5", "{}", "EXECUTING");
    append(run, "s", 0, "1");
    Visibility before = now();
    append(run, "s", 1, "2");
    postgres.execute("update run set tags = '{vip}' where id = 'r5'");
    Narrowing executing = new Narrowing(null, Set.of(RunStatus.EXECUTING), Set.of());
    Filter byStatus = new Filter.ByEnvironment(ENV, executing);

    assertThat(told(read(VIP, all(ChunkRange.notShownBy(before)))))
        .as("by its tag")
        .containsExactly("r5/s/0", "r5/s/1");
    assertThat(told(read(byStatus, all(ChunkRange.notShownBy(before)))))
        .as("it was there before")
        .containsExactly("r5/s/1");
    postgres.execute("update run set status = 'WAITING_TO_RESUME' where id = 'r5'");
    postgres.execute("update run set status = 'EXECUTING' where id = 'r5'");
    assertThat(told(read(byStatus, all(ChunkRange.since(before.xmax())))))
        .as("it came back")
        .containsExactly("r5/s/0", "r5/s/1");
  }

  @Test
  void readsChunksAndRowsUnderOneSnapshot() {
    String run = run("r6", "{vip}", "EXECUTING");
    append(run, "s", 0, "1");

    Both both = await(feeds.tail(VIP, all(ChunkRange.ALL), FeedReader.Key.START, true));

    assertThat(told(both.chunks())).containsExactly("r6/s/0");
    assertThat(both.rows().runs()).extracting(each -> each.id().value()).contains("r6");
    assertThat(both.rows().visibility()).isEqualTo(both.chunks().visibility());
  }

  @Test
  void changesThatMoveARunAreNotedAndOthersAreNot() {
    run("r7", "{}", "EXECUTING");
    List<String> noted = new ArrayList<>();
    for (String change :
        List.of("metadata = '1'", "status = 'PENDING'", "tags = '{a}'", "metadata = '2'")) {
      postgres.execute("update run set " + change + " where id = 'r7'");
      noted.add(
          text(
              "select (status_xid = changed_xid) || ' ' || (tags_xid = changed_xid) from run where id = 'r7'"));
    }

    assertThat(noted).containsExactly("false false", "true false", "false true", "false false");
  }

  private static String text(String sql) {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
