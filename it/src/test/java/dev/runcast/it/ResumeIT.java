package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static dev.runcast.it.harness.NewRun.wideJson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.NewRun;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TableRows;
import dev.runcast.it.harness.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client comes back with a cursor, of whatever kind and age, and is told what it has missed. */
class ResumeIT {
  private static TestDatabase database;
  private static Node node;
  private static RunWriter sql;

  private final String tag = name("resumed");
  private final String path = "/realtime/v1/runs?tags=" + tag;

  /** Little memory and small pages, so that every way of resuming is near. */
  @BeforeAll
  static void start() {
    database = Shared.postgres().database();
    node =
        Node.start(
            NodeSpec.serve(database)
                .with("--ring-bytes", "64KiB", "--page-rows", "20", "--page-bytes", "64KiB"));
    sql = new RunWriter(database, node.api().environment());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void goesOnFromMemoryWithoutARead() {
    String id = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      // Only a cursor of a settled subscription names a place in memory: soon, not at once.
      Await.until(
          "a resume without a read",
          () -> {
            sql.update(id, "metadata = '1'");
            probe.awaitVersion(id, version(id)).cut();
            List<Frame> told = cameBack(probe, () -> sql.update(id, "metadata = '2'"));
            return told.stream().noneMatch(frame -> frame.name().equals("snapshot"));
          });
      awaitRight(probe);
    }
  }

  @Test
  void readsOnlyWhatChangedWhenMemoryHasLetGo() {
    NewRun untouched = run().tagged(tag);
    sql.insertMany(100, untouched);
    String id = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      Await.until(
          "a read of the difference",
          () -> {
            sql.update(id, "metadata = '1'");
            probe.awaitVersion(id, version(id)).cut();
            List<Frame> told =
                cameBack(
                    probe,
                    () -> {
                      sql.update(id, "metadata = '2'");
                      forget();
                    });
            List<Frame> pages = snapshots(told);
            return !pages.isEmpty()
                && pages.stream().noneMatch(page -> page.data().path("full").asBoolean())
                && ids(pages).equals(List.of(id));
          });
      awaitRight(probe);
    }
  }

  @Test
  void comesBackToAServiceThatWasStartedAnew() {
    String changed = sql.insert(run().tagged(tag));
    String gone = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      node.stop();
      probe.awaitDisconnected();
      sql.update(changed, "status = 'EXECUTING'");
      sql.update(gone, "status = 'DELETED'");
      String added = sql.insert(run().tagged(tag));
      node.startAgain();

      probe.connect().awaitLive();

      assertThat(probe.runs()).containsExactlyInAnyOrder(changed, added);
      awaitRight(probe);
    }
  }

  @Test
  void goesOnInTheMiddleOfAPagedSnapshot() {
    sql.insertMany(200, run().tagged(tag).carrying(wideJson(4_000)));
    // What was written within the last moments is read in one piece, the rest in pages.
    Await.until(
        "a read in pages",
        () -> {
          try (SseProbe probe = interrupted()) {
            return ids(probe.frames()).size() < 200 && goesOn(probe);
          }
        });
  }

  /** A client whose connection broke after the first page. */
  private SseProbe interrupted() {
    Predicate<Frame> page = frame -> frame.name().equals("snapshot");
    SseProbe.Target target = new SseProbe.Target(node.port(), path, node.secretKey());
    SseProbe probe = new SseProbe(target).withReceiveBuffer(4096).pauseAt(page).connect();
    probe.awaitFrame("the first page", page);
    return probe.cut();
  }

  private boolean goesOn(SseProbe probe) {
    int seen = probe.frames().size();
    List<String> given = ids(probe.frames());
    sql.update(given.get(0), "status = 'EXECUTING'");
    String added = sql.insert(run().tagged(tag));

    probe.connect().awaitLive().awaitStatus(given.get(0), "EXECUTING");

    probe.await("what was added", known -> known.get(added) != null);
    List<Frame> after = snapshots(probe.frames().subList(seen, probe.frames().size()));
    assertThat(after).noneMatch(page -> page.data().path("start").asBoolean());
    assertThat(ids(after)).doesNotContainAnyElementsOf(given.subList(1, given.size()));
    awaitRight(probe);
    return true;
  }

  @Test
  void aCursorOfARestAnswerLeavesNoGap() {
    String id = sql.insert(run().tagged(tag));
    String cursor =
        node.api().get("/api/v3/runs/" + id).expect(200).header("x-runcast-cursor").orElseThrow();
    sql.update(id, "status = 'EXECUTING'");
    String added = sql.insert(run().tagged(tag));
    try (SseProbe probe = node.follow(path + "&after=" + SseProbe.encode(cursor)).awaitLive()) {
      probe.awaitStatus(id, "EXECUTING");
      assertThat(probe.runs()).containsExactlyInAnyOrder(id, added);
    }
    String ofTheList =
        node.api().get("/api/v1/runs").expect(200).header("x-runcast-cursor").orElseThrow();
    sql.update(added, "status = 'CANCELED'");
    try (SseProbe probe = node.follow(path + "&after=" + SseProbe.encode(ofTheList)).awaitLive()) {
      probe.awaitStatus(added, "CANCELED");
    }
  }

  @Test
  void aCursorOfAnotherHistoryGetsAFullRead() {
    String kept = sql.insert(run().tagged(tag));
    String purged = sql.insert(run().tagged(tag));
    try (SseProbe probe = follow().awaitLive()) {
      int seen = probe.frames().size();
      node.stop();
      probe.awaitDisconnected();
      database.single("select pg_drop_replication_slot(?)", "slot_" + database.name());
      sql.update(purged, "status = 'DELETED'");
      sql.transact(t -> t.execute("delete from run where id = ?", purged));
      node.startAgain();

      probe.connect().awaitLive();

      List<Frame> pages = snapshots(probe.frames().subList(seen, probe.frames().size()));
      assertThat(pages).isNotEmpty().allMatch(page -> page.data().path("full").asBoolean());
      assertThat(pages.get(pages.size() - 1).data().path("complete").asBoolean()).isTrue();
      assertThat(probe.runs()).containsExactly(kept);
      awaitRight(probe);
    }
  }

  @Test
  void fromNowOnTellsNothingOfBefore() {
    String before = sql.insert(run().tagged(tag).carrying("\"whole\""));
    Await.until("the insert to be over for the tail as well", this::nothingIsTold);
    try (SseProbe probe = node.follow(path + "&after=now").awaitLive()) {

      String added = sql.insert(run().tagged(tag));
      probe.await("the new run", known -> known.get(added) != null);
      assertThat(probe.runs()).containsExactly(added);
      sql.update(before, "status = 'EXECUTING'");
      probe.awaitStatus(before, "EXECUTING");
      assertThat(probe.column(before, "payload").asText()).as("told whole").isEqualTo("whole");

      probe.cut();
      sql.update(added, "status = 'CANCELED'");
      probe.connect().awaitStatus(added, "CANCELED");
      awaitRight(probe);
    }
  }

  @Test
  void refusesWhatIsNoCursor() {
    try (SseProbe probe = node.follow(path + "&after=yesterday")) {
      assertThat(probe.awaitRefusal().status()).isEqualTo(400);
      assertThat(probe.awaitRefusal().json().path("param").asText()).isEqualTo("after");
    }
  }

  /** To nobody on any of the event loops, among which connections go round. */
  private boolean nothingIsTold() {
    boolean nothing = true;
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      try (SseProbe probe = node.follow(path + "&after=now").awaitLive()) {
        nothing &= probe.runs().isEmpty();
      }
    }
    return nothing;
  }

  /** What the client is told from when it comes back until it is live and has the newest. */
  private List<Frame> cameBack(SseProbe probe, Runnable whileAway) {
    int seen = probe.frames().size();
    whileAway.run();
    probe.connect().awaitLive();
    awaitRight(probe);
    return probe.frames().subList(seen, probe.frames().size());
  }

  private void awaitRight(SseProbe probe) {
    Map<String, String> table = sql.rows("tags @> array[?::text]", tag);
    probe.await("the table", known -> TableRows.of(known).equals(table));
  }

  /** Writes more to other runs than the service keeps in memory. */
  private static void forget() {
    for (int i = 0; i < 8; i++) {
      sql.insert(run().carrying(wideJson(20_000 + i)));
    }
  }

  private static List<Frame> snapshots(List<Frame> frames) {
    return frames.stream().filter(frame -> frame.name().equals("snapshot")).toList();
  }

  private static List<String> ids(List<Frame> pages) {
    List<String> ids = new ArrayList<>();
    snapshots(pages)
        .forEach(
            page ->
                page.data()
                    .path("runs")
                    .forEach(row -> ids.add(row.path("run").path("id").asText())));
    return ids;
  }

  private static long version(String id) {
    return Long.parseLong(database.single("select version from run where id = ?", id));
  }

  private SseProbe follow() {
    return node.follow(path);
  }
}
