package dev.runcast.it;

import static dev.runcast.it.harness.NewRun.name;
import static dev.runcast.it.harness.NewRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.ClientModel;
import dev.runcast.it.harness.Frame;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SocketProbe;
import dev.runcast.it.harness.SseProbe;
import dev.runcast.it.harness.TableRows;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A client knows by a digest that it holds all that there is, or that it does not. */
class DigestIT {
  private static final int RUNS = 400;

  private final RunWriter sql = Shared.sql();
  private final String tag = name("summed");
  private final String path = "/realtime/v1/runs?tags=" + tag;

  @Test
  void whoHoldsTheFeedIsProvenRightAgainAndAgain() {
    sql.insertMany(RUNS, run().tagged(tag));
    try (SseProbe probe = Shared.node().follow(path + "&include=digest").awaitLive();
        SocketProbe socket = SocketProbe.open(Shared.node())) {
      socket.follow("a", path + "&include=counts,digest&status=QUEUED");
      awaitProven(probe);
      for (int i = 0; i < 3; i++) {
        String added = sql.insert(run().tagged(tag));
        sql.update(added, "status = 'EXECUTING'");
        sql.update(probe.runs().get(i), "status = 'CANCELED', output = '1'");
        sql.update(probe.runs().get(i + 10), "status = 'DELETED'");
        probe.awaitStatus(added, "EXECUTING");
        awaitProven(probe);
      }
      socket.await("a", "the digest", known -> known.isProven() && !known.isRefuted());
      probe.cut();
      sql.update(probe.runs().get(20), "metadata = '2'");
      probe.connect();

      awaitProven(probe);
      assertThat(probe.ask(ClientModel::isRefuted)).isFalse();
      assertThat(probe.table()).isEqualTo(table());
    }
  }

  @Test
  void whoHoldsSomethingElseFindsOutAndReadsNoMoreThanWhatIsWrong() {
    sql.insertMany(RUNS, run().tagged(tag));
    try (SseProbe probe = Shared.node().follow(path + "&include=digest").awaitLive()) {
      awaitProven(probe);
      List<String> runs = probe.runs();
      probe.ask(known -> falsify(known, runs));
      sql.update(runs.get(5), "metadata = '1'");
      probe.await("doubt", ClientModel::isRefuted);

      probe.cut().asking(path + "&include=buckets").connect();
      probe.await("what is wrong", known -> !known.wrongParts().isEmpty());
      String parts = parts(probe);
      int before = probe.cut().frames().size();
      sql.update(runs.get(6), "status = 'EXECUTING'");
      probe.asking(path + "&include=digest&buckets=" + parts).connect();

      awaitProven(probe);
      assertThat(probe.table()).isEqualTo(table()).hasSize(RUNS);
      List<Frame> given = probe.frames().subList(before, probe.frames().size());
      assertThat(given.get(0).data().path("buckets").size()).isBetween(1, 3);
      assertThat(runsIn(given)).as("no more than a few of them").isLessThan(RUNS / 4);
      probe.cut().asking(path + "&include=digest").connect();
      awaitProven(probe);
    }
  }

  /** One is lost, one is of a version that is yet to come, one never was. */
  private static Boolean falsify(ClientModel known, List<String> runs) {
    Map<String, ClientModel.Held> rows = known.rows();
    ClientModel.Held other = rows.get(runs.get(1));
    rows.remove(runs.get(0));
    rows.put(runs.get(1), new ClientModel.Held(other.version() + 5, other.columns()));
    return rows.put("run_that_never_was", other) == null;
  }

  private static String parts(SseProbe probe) {
    return probe.ask(
        known -> known.wrongParts().stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  private static int runsIn(List<Frame> frames) {
    return frames.stream().mapToInt(frame -> frame.data().path("runs").size()).sum();
  }

  private Map<String, String> table() {
    return sql.rows("tags @> array[?::text] and status <> 'DELETED'", tag);
  }

  private void awaitProven(SseProbe probe) {
    Map<String, String> table = table();
    probe.await(
        "a digest of the table", known -> known.isProven() && TableRows.of(known).equals(table));
  }
}
