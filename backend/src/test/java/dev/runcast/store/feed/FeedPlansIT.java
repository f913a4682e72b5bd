package dev.runcast.store.feed;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunId;
import dev.runcast.store.Database;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On 100,000 runs, written by 20,000 transactions, each scope is read by an index of its own. */
class FeedPlansIT {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");

  private static final String WALK = "Index Scan using run_by_change";

  private static Vertx vertx;
  private static Database database;
  private static FeedReader.Key middle;

  @BeforeAll
  static void fill() {
    vertx = Vertx.vertx();
    TestDatabase postgres = TestPostgres.database();
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env_a', 'p', 'a')""");
    postgres.execute(
        """
        do $$ begin
          for i in 1..20000 loop
            insert into run (environment_id, id, task_identifier, tags, batch_id, parent_id, payload)
              select 'env_a', 'run_' || (i * 5 + n), 'task_' || n,
                array['all', 'user_' || i % 5000, 'kind_' || n],
                case when i % 10 = 0 then 'batch_' || i / 10 end, case when i % 10 = 1 then 'run_' || i / 10 end,
                repeat('x', 300)
              from generate_series(0, 4) n;
            commit;
          end loop;
        end $$""");
    postgres.execute("vacuum analyze run");
    database = Database.open(vertx, postgres.options(), Database.Size.DEFAULT);
    FeedReader feeds = new RunFeeds(database, RunFeeds.PageSize.DEFAULT);
    middle =
        new FeedReader.Key(
            await(feeds.one(ENV, new RunId("run_50000"))).run().changedXid(), "run_50000");
  }

  @AfterAll
  static void close() {
    await(database.close());
    await(vertx.close());
  }

  @Test
  void theEnvironmentIsWalkedByChange() {
    Filter environment = new Filter.ByEnvironment(ENV, Narrowing.NONE);

    assertThat(pageFrom(FeedReader.Key.START, environment)).contains(WALK);
    assertThat(pageFrom(middle, environment)).contains(WALK);
  }

  @Test
  void aFrequentTagIsWalkedByChange() {
    assertThat(pageFrom(middle, tag("all"))).contains(WALK);
  }

  @Test
  void aRareTagIsFoundByTag() {
    assertThat(pageFrom(FeedReader.Key.START, tag("user_17"))).contains("on run_by_tag");
    assertThat(pageFrom(middle, tag("user_17"))).contains("on run_by_tag");
    assertThat(tailFrom(middle, tag("user_17"))).contains("on run_by_tag");
    assertThat(pageFrom(FeedReader.Key.START, tag("nobody"))).contains("on run_by_tag");
  }

  @Test
  void batchesParentsAndSingleRunsAreFoundByTheirOwn() {
    Filter batch = new Filter.ByBatch(ENV, new BatchId("batch_70"), Narrowing.NONE);
    Filter parent = new Filter.ByParent(ENV, new RunId("run_70"), Narrowing.NONE);
    Filter run = new Filter.ByRun(ENV, new RunId("run_70"), Narrowing.NONE);

    assertThat(pageFrom(middle, batch)).contains("run_by_batch");
    assertThat(tailFrom(FeedReader.Key.START, batch)).contains("run_by_batch");
    assertThat(pageFrom(middle, parent)).contains("run_by_parent");
    assertThat(tailFrom(FeedReader.Key.START, parent)).contains("run_by_parent");
    assertThat(pageFrom(FeedReader.Key.START, run)).contains("run_pkey");
    assertThat(tailFrom(FeedReader.Key.START, run)).contains("run_pkey");
  }

  private static Filter tag(String tag) {
    return new Filter.ByTags(ENV, Set.of(tag), Narrowing.NONE);
  }

  private static String pageFrom(FeedReader.Key after, Filter filter) {
    return plan(FeedQuery.page(filter, after, Long.MAX_VALUE, RunFeeds.PageSize.DEFAULT));
  }

  private static String tailFrom(FeedReader.Key after, Filter filter) {
    return plan(FeedQuery.boundedTail(filter, after, RunFeeds.PageSize.DEFAULT.times(16)));
  }

  private static String plan(FeedQuery query) {
    return StreamSupport.stream(
            await(database.query("explain (analyze, buffers) " + query.sql(), query.parameters()))
                .spliterator(),
            false)
        .map(row -> row.getString(0))
        .collect(Collectors.joining("\n"));
  }
}
