package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of a batch says how far it is, shows first what failed, and moves with it. */
class BatchPageIT {
  private static final Api API = Shared.api();

  private final String task = name("task");

  private final String batch =
      API.post("/api/v3/batches", Map.of("runCount", 4)).expect(202).json().get("id").asText();

  /** Fills the batch, all of it. */
  private List<String> fill() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      lines.append("{\"index\":%d,\"task\":\"%s\",\"payload\":{\"n\":%d}}\n".formatted(i, task, i));
    }
    API.send(
            "POST",
            "/api/v3/batches/" + batch + "/items",
            lines.toString(),
            Map.of("content-type", "application/x-ndjson"))
        .expect(200);
    List<String> runs = new ArrayList<>();
    API.get("/api/v2/batches/" + batch)
        .expect(200)
        .json()
        .get("runs")
        .forEach(run -> runs.add(run.asText()));
    return runs;
  }

  private static void finish(String run, String status) {
    API.move(run, Map.of("status", "EXECUTING"));
    API.move(run, Map.of("status", status));
  }

  private Dashboard open(String more) {
    Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/batches/" + batch + more);
    dashboard.page().getByTestId("percent").waitFor();
    return dashboard;
  }

  private static void awaitPercent(Dashboard dashboard, int percent) {
    dashboard.awaitText(dashboard.page().getByTestId("percent"), percent + "%");
  }

  private static Locator group(Dashboard dashboard, String word) {
    return dashboard
        .page()
        .getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Runs by status"))
        .getByRole(AriaRole.BUTTON)
        .filter(new Locator.FilterOptions().setHasText(word));
  }

  @Test
  void movesWithItsRunsToItsEnd() {
    try (Dashboard dashboard = open("")) {
      dashboard.text("No runs yet").waitFor();
      awaitPercent(dashboard, 0);

      List<String> runs = fill();
      dashboard.awaitText(group(dashboard, "Queued"), "4");
      dashboard.button("4 new runs").click();
      dashboard.row(runs.get(0)).waitFor();

      finish(runs.get(0), "COMPLETED");
      awaitPercent(dashboard, 25);
      dashboard.awaitText(dashboard.row(runs.get(0)), "Completed");
      finish(runs.get(1), "FAILED");
      finish(runs.get(2), "COMPLETED");
      awaitPercent(dashboard, 75);
      dashboard.awaitText(group(dashboard, "Failed"), "1");
      dashboard.text("3 of 4").waitFor();
      dashboard.text("if it goes on like this").or(dashboard.text("about")).first().waitFor();

      finish(runs.get(3), "COMPLETED");
      awaitPercent(dashboard, 100);
      dashboard.text("Took").first().waitFor();
      dashboard.page().locator("[data-connection='ended']").waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void showsFirstWhatFailedAndTheRestWhenAsked() {
    List<String> runs = fill();
    finish(runs.get(2), "FAILED");
    finish(runs.get(3), "COMPLETED");
    try (Dashboard dashboard = open("")) {
      dashboard.awaitText(dashboard.row(runs.get(2)), "Failed");
      assertThat(dashboard.page().locator("[data-run]").count()).isEqualTo(1);

      group(dashboard, "All").click();
      dashboard.row(runs.get(0)).waitFor();
      assertThat(dashboard.page().locator("[data-run]").count()).isEqualTo(4);
      assertThat(dashboard.page().url()).endsWith("?show=all");

      dashboard.page().reload();
      dashboard.row(runs.get(0)).waitFor();
      group(dashboard, "Completed").click();
      dashboard.row(runs.get(3)).waitFor();
      assertThat(dashboard.page().locator("[data-run]").count()).isEqualTo(1);
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void isReachedFromItsRunsAndFromTheList() {
    String run = fill().get(0);
    try (Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/runs/" + run)) {
      dashboard.page().getByText(batch).click();
      dashboard.page().waitForURL("**/batches/" + batch);
      dashboard.row(run).waitFor();

      dashboard.go("/runs?batch=" + batch);
      dashboard.text("Look at the batch").click();
      dashboard.page().waitForURL("**/batches/" + batch);
      awaitPercent(dashboard, 0);
    }
  }

  @Test
  void saysSoWhereThereIsNone() {
    try (Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/batches/batch_nobodys")) {
      dashboard.text("There is no such batch").waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }
}
