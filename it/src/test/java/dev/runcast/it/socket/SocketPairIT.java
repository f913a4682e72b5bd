package dev.runcast.it.socket;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.Pair;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SocketProbe;
import dev.runcast.it.harness.TableRows;
import dev.runcast.it.harness.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A socket at one node of two: runs written at the other, and each subscription moved there. */
class SocketPairIT {
  private static final List<String> FEEDS = List.of("one", "tagged", "all", "queued");

  private final String tag = name("moved");

  @Test
  void goesOnAtTheOtherNodeFromEachOfItsCursors() {
    TestDatabase database = Shared.postgres().database();
    try (Pair pair = Pair.start(database)) {
      Node leader = pair.leader();
      Node follower = pair.follower();
      RunWriter sql = new RunWriter(database, leader.api().environment());
      String id = sql.insert(run().tagged(tag));
      try (SocketProbe before = SocketProbe.open(leader)) {
        FEEDS.forEach(feed -> before.follow(feed, path(feed, id)).awaitLive(feed));
        String triggered = follower.api().trigger("it-task", Map.of("tags", List.of(tag)));
        follower.api().move(id, Map.of("status", "EXECUTING"));
        FEEDS.forEach(feed -> awaitRight(before, feed, id, sql));

        leader.kill();
        before.awaitClosed();
        follower.api().move(id, Map.of("status", "COMPLETED", "output", "done"));
        follower.api().move(triggered, Map.of("status", "EXECUTING"));
        String later = sql.insert(run().tagged(tag));

        try (SocketProbe after = SocketProbe.open(follower)) {
          FEEDS.forEach(feed -> after.follow(feed, path(feed, id), before));
          FEEDS.forEach(feed -> after.awaitLive(feed));
          FEEDS.forEach(feed -> awaitRight(after, feed, id, sql));
          sql.update(later, "status = 'CANCELED'");
          FEEDS.forEach(feed -> awaitRight(after, feed, id, sql));
          assertThat(sql.rows("true")).hasSize(3);
        }
      }
    }
  }

  private String path(String feed, String id) {
    return switch (feed) {
      case "one" -> "/realtime/v1/runs/" + id;
      case "tagged" -> "/realtime/v1/runs?tags=" + tag;
      case "queued" -> "/realtime/v1/runs?status=QUEUED&sample=100ms";
      default -> "/realtime/v1/runs";
    };
  }

  private static void awaitRight(SocketProbe socket, String feed, String id, RunWriter sql) {
    Map<String, String> rows =
        switch (feed) {
          case "one" -> sql.rows("id = ?", id);
          case "queued" -> sql.rows("status = 'PENDING'");
          default -> sql.rows("true");
        };
    socket.await(feed, "the table", known -> TableRows.of(known).equals(rows));
  }
}
