package dev.runcast.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The service goes away under an open page, which says so and comes back by itself. */
class DashboardOutageIT {

  @Test
  void thePageSaysThatItIsOldAndIsBroughtUpToDate() {
    TestDatabase database = Shared.postgres().database();
    try (Node node = Node.start(NodeSpec.serve(database))) {
      String run = node.api().trigger("hello", Map.of());
      RunWriter writer = new RunWriter(database, node.api().environment());
      try (Dashboard list = Dashboard.signedIn(node, "/runs");
          Dashboard one = Dashboard.signedIn(node, "/runs/" + run)) {
        list.row(run).waitFor();
        list.awaitLive();
        one.awaitLive();

        node.kill();
        stale(list).waitFor();
        stale(one).waitFor();
        list.awaitText(list.row(run), "Queued");
        writer.transact(write -> write.update(run, "status = 'EXECUTING', started_at = now()"));

        node.startAgain();
        list.awaitText(list.row(run), "Executing");
        one.awaitText(one.page().getByTestId("status"), "Executing");
        gone(stale(list));
        gone(stale(one));
        list.awaitLive();

        String second = node.api().trigger("hello", Map.of());
        list.button("1 new run").click();
        list.row(second).waitFor();
        assertThat(list.errors()).isEmpty();
        assertThat(one.errors()).isEmpty();
      }
    }
  }

  /** It asks for a token anew, and for one more where that is of the second of the revocation. */
  @Test
  void anOpenPageGoesOnWhenAllTokensAreTakenBack() {
    try (Node node = Node.start(NodeSpec.serve(Shared.postgres().database()))) {
      String run = node.api().trigger("hello", Map.of());
      try (Dashboard list = Dashboard.signedIn(node, "/runs")) {
        list.row(run).waitFor();
        list.awaitLive();
        for (String status : List.of("EXECUTING", "COMPLETED")) {
          Map<String, String> all = Map.of("issuedBefore", Instant.now().toString());
          node.api().post("/api/v1/auth/revoke", all).expect(200);
          node.api().move(run, Map.of("status", status));

          list.awaitText(list.row(run), status.equals("EXECUTING") ? "Executing" : "Completed");
        }
        list.awaitLive();
        assertThat(list.errors()).isEmpty();
      }
    }
  }

  private static Locator stale(Dashboard dashboard) {
    return dashboard.text("The connection to the service is lost");
  }

  private static void gone(Locator banner) {
    banner.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
  }
}
