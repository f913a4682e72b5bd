package dev.runcast.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.conformance.Conformance;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The official React hooks when the network breaks, the node dies, the page is put aside. */
class HooksNetworkIT {
  private static final TestDatabase database = Shared.postgres().database();
  private static Node node;
  @RegisterExtension static final HooksPage page = HooksPage.of("4.8.3", () -> node);

  @BeforeAll
  static void start() {
    node = Node.start(NodeSpec.serve(database));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useRealtimeRun", "useRealtimeRunsWithTag"})
  void nothingIsMissedWhenTheNetworkIsCutAgainAndAgain() {
    String added = follow().isSeenThoughTheNetworkIsCutAgainAndAgain();

    assertThat(page.read("probes.all.now.runs[1].id")).isEqualTo(added);
    assertThat(page.read("[probes.one.now.error, probes.all.now.error].every((e) => !e)"))
        .isEqualTo(true);
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useRealtimeRun", "useRealtimeRunsWithTag"})
  void theyGoOnWhenTheNodeWasKilledInBetween() {
    FollowedTwice run = follow();
    run.update("status = 'EXECUTING'");
    page.await("probes.one.now.run.status === 'EXECUTING'");
    page.await("probes.all.now.runs[0].status === 'EXECUTING'");

    node.kill();
    run.progress(1);
    String added = run.add();
    node.startAgain();
    page.await("probes.one.now.run.metadata?.progress === 1");
    page.await("probes.all.now.runs.length === 2");
    run.update(FollowedTwice.DONE);

    run.isSeenToEnd();
    assertThat(page.read("probes.all.now.runs[1].id")).isEqualTo(added);
    assertThat(page.read("probes.one.told.map((run) => [run.status, run.metadata?.progress ?? 0])"))
        .as("each state is told once")
        .isEqualTo(
            List.of(
                List.of("QUEUED", 0),
                List.of("EXECUTING", 0),
                List.of("EXECUTING", 1),
                List.of("COMPLETED", 1)));
  }

  @Test
  @Conformance(
      client = "4.8.3",
      function = {"useRealtimeRun", "useRealtimeRunsWithTag"})
  void aPageThatWasPutAsideCatchesUpWhenItIsShownAgain() {
    FollowedTwice run = follow();
    String one = "/realtime/v1/runs/" + run.id() + "?";
    String all = "/realtime/v1/runs?";
    page.awaitHere(() -> isHeld(page.requests(), one) && isHeld(page.requests(), all));
    page.read("hide(true)");
    page.awaitHere(() -> isHeld(page.aborted(), one) && isHeld(page.aborted(), all));
    int before = page.requests().size();
    run.update("status = 'EXECUTING'");
    run.progress(1);
    String added = run.add();
    assertThat(page.requests()).as("nothing is asked for meanwhile").hasSize(before);

    page.read("hide(false)");
    page.await("probes.one.now.run.metadata?.progress === 1");
    page.await("probes.all.now.runs.length === 2");
    page.awaitHere(() -> isNext(before, one) && isNext(before, all));
    run.update(FollowedTwice.DONE);
    page.await("probes.one.now.run.status === 'COMPLETED'");
    page.await("probes.all.now.runs.map((run) => run.status).join() === 'COMPLETED,QUEUED'");
    assertThat(page.read("probes.all.now.runs[1].id")).isEqualTo(added);
  }

  private static FollowedTwice follow() {
    return new FollowedTwice(page, database, node);
  }

  private static boolean isHeld(List<String> paths, String start) {
    return paths.stream().anyMatch(path -> path.startsWith(start) && path.contains("live=true"));
  }

  /** Whether the first request since is one that wants an answer at once, from where it was. */
  private static boolean isNext(int since, String start) {
    return page.requests().stream()
        .skip(since)
        .filter(path -> path.startsWith(start))
        .findFirst()
        .filter(path -> !path.contains("live=true") && !path.contains("offset=-1"))
        .isPresent();
  }
}
