package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.SseProbe;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of the service itself tells what goes on inside, as it goes on. */
class RealtimePageIT {

  private static Locator section(Dashboard dashboard, String title) {
    return dashboard
        .page()
        .getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName(title).setExact(true));
  }

  @Test
  void whoListensAndToWhatIsToldWithinSeconds() {
    String tag = name("tag");
    try (Node node = Node.start(NodeSpec.serve(Shared.postgres().database()));
        Dashboard dashboard = Dashboard.signedIn(node, "/inside");
        SseProbe one = node.follow("/realtime/v1/runs?tags=" + tag);
        SseProbe two = node.follow("/realtime/v1/runs?tags=" + tag)) {
      one.awaitLive();
      two.awaitLive();
      String run = node.api().trigger("hello", Map.of("tags", java.util.List.of(tag)));
      assertThat(run).isNotEmpty();

      dashboard.awaitText(section(dashboard, "Top feeds of this environment"), tag);
      dashboard.awaitText(section(dashboard, "Top feeds of this environment"), "2");
      dashboard.awaitText(section(dashboard, "Subscribers"), "2subscriptions");
      dashboard.awaitText(section(dashboard, "Lag from commit to delivery"), "ms");
      dashboard.awaitText(section(dashboard, "Replication slot"), "This node leads");
      dashboard.page().locator("[data-connection='live']").waitFor();
      assertThat(dashboard.page().locator("canvas").count()).as("plots").isEqualTo(7);
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void itSaysThatItIsOldWhenTheServiceIsAway() {
    try (Node node = Node.start(NodeSpec.serve(Shared.postgres().database()));
        Dashboard dashboard = Dashboard.signedIn(node, "/inside")) {
      dashboard.page().locator("[data-connection='live']").waitFor();

      node.kill();
      dashboard.text("The connection to the service is lost").waitFor();

      node.startAgain();
      dashboard.page().locator("[data-connection='live']").waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }
}
