package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;

import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.TestDatabase;
import dev.runcast.it.harness.TestTokens;

/**
 * A run that a page follows by itself (the probe {@code one}) and by its tag ({@code all}),
 * whichever hooks it has.
 */
final class FollowedTwice {
  static final String DONE = "status = 'COMPLETED_SUCCESSFULLY', completed_at = now()";

  private final HooksPage page;
  private final RunWriter sql;
  private final String tag = name("seen");
  private final String token;
  private final String id;

  FollowedTwice(HooksPage page, TestDatabase database, Node node) {
    this.page = page;
    sql = new RunWriter(database, node.api().environment());
    token = new TestTokens(sql.environment(), node.secretKey()).granting("read:tags:" + tag);
    id = add();
    page.mount("one", "useRealtimeRun", token, id);
    page.mount("all", "useRealtimeRunsWithTag", token, tag);
    page.await("probes.one.now?.run && probes.all.now?.runs?.length === 1");
  }

  String id() {
    return id;
  }

  /** Reads what carries the tag. */
  String token() {
    return token;
  }

  /** Another run with its tag. */
  String add() {
    return sql.insert(run().tagged(tag));
  }

  /** Changes the run. */
  void update(String set) {
    sql.update(id, set);
  }

  /** Notes in the run how far it is. */
  void progress(int value) {
    update("metadata = '{\"progress\":" + value + "}', metadata_type = 'application/json'");
  }

  /**
   * The network is cut before each change: every one is seen by both, the run that comes and the
   * end too.
   *
   * @return the id of the run that came
   */
  String isSeenThoughTheNetworkIsCutAgainAndAgain() {
    for (int i = 1; i <= 4; i++) {
      page.relay().cut();
      progress(i);
      page.await("probes.one.now.run.metadata?.progress === " + i);
      page.await("probes.all.now.runs[0].metadata?.progress === " + i);
    }
    String added = add();
    page.relay().cut();
    update(DONE);
    isSeenToEnd();
    page.await("probes.all.now.runs.map((run) => run.status).join() === 'COMPLETED,QUEUED'");
    return added;
  }

  /** It is over, for both. */
  void isSeenToEnd() {
    page.await("probes.one.now.run.status === 'COMPLETED'");
    page.await("probes.all.now.runs[0].status === 'COMPLETED'");
  }

  /** It begins, which the first one sees, and ends behind a cut. */
  void beginsAndEndsBehindACut() {
    update("status = 'EXECUTING'");
    page.await("probes.one.now.run.status === 'EXECUTING'");
    page.relay().cut();
    update(DONE);
    isSeenToEnd();
  }
}
