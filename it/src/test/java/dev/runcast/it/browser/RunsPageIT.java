package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The list of runs shows what happens as it happens, and does what one asks of it. */
class RunsPageIT {
  private final String task = name("task");

  private Dashboard openList(String more) {
    Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/runs?task=" + task + more);
    dashboard.awaitLive();
    return dashboard;
  }

  private String trigger() {
    return Shared.api().trigger(task, Map.of());
  }

  @Test
  void aRunMovesInItsPlaceAndANewOneIsAnnounced() {
    String first = trigger();
    try (Dashboard dashboard = openList("")) {
      dashboard.awaitText(dashboard.row(first), "Queued");

      Shared.api().move(first, Map.of("status", "EXECUTING"));
      dashboard.awaitText(dashboard.row(first), "Executing");

      String second = trigger();
      dashboard.button("1 new run").waitFor();
      assertThat(dashboard.row(second).count()).as("before it is asked for").isZero();
      dashboard.button("1 new run").click();
      dashboard.awaitText(dashboard.row(second), "Queued");
      assertThat(ids(dashboard)).containsExactly(second, first);
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  private static List<String> ids(Dashboard dashboard) {
    return dashboard.page().locator("[data-run]").all().stream()
        .map(row -> row.getAttribute("data-run"))
        .toList();
  }

  @Test
  void theAddressNarrowsTheListAndTheBarChangesTheAddress() {
    String failed = trigger();
    String queued = trigger();
    Shared.api().move(failed, Map.of("status", "EXECUTING"));
    Shared.api().move(failed, Map.of("status", "FAILED"));
    try (Dashboard dashboard = openList("&status=FAILED")) {
      dashboard.row(failed).waitFor();
      assertThat(dashboard.row(queued).count()).isZero();

      dashboard.button("Without status Failed").click();
      dashboard.row(queued).waitFor();
      assertThat(dashboard.page().url()).endsWith("/runs?task=" + task);

      dashboard.page().keyboard().press("/");
      dashboard.page().keyboard().type(queued.substring("run_".length(), queued.length() - 2));
      dashboard.row(failed).waitFor(new Locator.WaitForOptions().setState(DETACHED));
      dashboard.row(queued).waitFor();
      assertThat(ids(dashboard)).containsExactly(queued);
      assertThat(dashboard.page().url()).contains("id=");
    }
  }

  private static final com.microsoft.playwright.options.WaitForSelectorState DETACHED =
      com.microsoft.playwright.options.WaitForSelectorState.DETACHED;

  @Test
  void theKeysLeadThroughTheListToARunAndBack() {
    String older = trigger();
    String newer = trigger();
    try (Dashboard dashboard = openList("")) {
      dashboard.row(older).waitFor();
      grid(dashboard).focus();
      dashboard.page().keyboard().press("ArrowDown");
      dashboard.await("document.querySelector('[data-run=\"" + older + "\"][data-current=true]')");
      dashboard.page().keyboard().press("ArrowUp");
      dashboard.await("document.querySelector('[data-run=\"" + newer + "\"][data-current=true]')");
      dashboard.page().keyboard().press("Enter");

      dashboard.page().waitForURL("**/runs/" + newer);
      dashboard.page().goBack();
      dashboard.row(older).waitFor();

      dashboard.page().keyboard().press("?");
      dashboard.text("Keyboard shortcuts").waitFor();
    }
  }

  @Test
  void theCountsOfAllStatusesAreLiveAndNarrowTheList() {
    String first = trigger();
    String second = trigger();
    try (Dashboard dashboard = openList("")) {
      dashboard.awaitText(counted(dashboard, "Queued"), "2");
      dashboard.awaitText(counted(dashboard, "All"), "2");

      Shared.api().move(first, Map.of("status", "EXECUTING"));
      dashboard.awaitText(counted(dashboard, "Executing"), "1");
      dashboard.awaitText(counted(dashboard, "Queued"), "1");

      counted(dashboard, "Executing").click();
      dashboard.row(second).waitFor(new Locator.WaitForOptions().setState(DETACHED));
      dashboard.row(first).waitFor();
      assertThat(dashboard.page().url()).contains("status=DEQUEUED,EXECUTING");
      dashboard.awaitText(counted(dashboard, "Queued"), "1");

      counted(dashboard, "All").click();
      dashboard.row(second).waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  private static Locator counted(Dashboard dashboard, String word) {
    return dashboard
        .page()
        .getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Runs by status"))
        .getByRole(AriaRole.BUTTON)
        .filter(new Locator.FilterOptions().setHasText(word));
  }

  /** Those from {@code run_<task>100}, the newest, to {@code 449}. */
  private void insertManyRuns() {
    Shared.sql()
        .transact(
            write ->
                write.execute(
                    "insert into run (environment_id, id, status, task_identifier, created_at)"
                        + " select ?, ? || i, 'PENDING', ?, now() - i * interval '1 s'"
                        + " from generate_series(100, 449) i",
                    Shared.sql().environment(),
                    "run_" + task,
                    task));
  }

  private static Locator grid(Dashboard dashboard) {
    return dashboard.page().getByRole(AriaRole.GRID);
  }

  @Test
  void manyAreCanceledAndReplayedAtOnce() {
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      runs.add(trigger());
    }
    try (Dashboard dashboard = openList("")) {
      dashboard.row(runs.get(0)).waitFor();
      dashboard
          .page()
          .getByRole(AriaRole.CHECKBOX, new Page.GetByRoleOptions().setName("Select all"))
          .check();
      dashboard.text("8 runs selected").waitFor();
      dashboard.button("Cancel").click();
      dashboard.button("Cancel 8 runs").click();
      for (String run : runs) {
        dashboard.awaitText(dashboard.row(run), "Canceled");
      }
      dashboard.text("8 runs selected").waitFor(new Locator.WaitForOptions().setState(DETACHED));

      for (String run : runs.subList(0, 2)) {
        dashboard
            .page()
            .getByRole(AriaRole.CHECKBOX, new Page.GetByRoleOptions().setName("Select " + run))
            .check();
      }
      dashboard.button("Replay").click();
      dashboard.button("Replay 2 runs").click();
      dashboard.button("2 new runs").click();
      Await.until("ten runs to be shown", () -> ids(dashboard).size() == 10);
    }
  }

  @Test
  void olderRunsComeAsOneScrollsAndMoveToo() {
    insertManyRuns();
    try (Dashboard dashboard = openList("")) {
      dashboard.awaitText(counted(dashboard, "All"), "350");
      grid(dashboard).focus();
      String oldest = "run_" + task + "449";
      Await.until(
          "the oldest run to be reached",
          () -> {
            dashboard.page().keyboard().press("PageDown");
            return dashboard.row(oldest).count() == 1;
          });
      assertThat(dashboard.page().locator("[data-run]").count())
          .as("rows in the document")
          .isLessThan(100);

      Shared.api().move(oldest, Map.of("status", "EXECUTING"));
      dashboard.awaitText(dashboard.row(oldest), "Executing");
    }
  }

  @Test
  void anIdIsLookedForInOlderRunsToo() {
    insertManyRuns();
    try (Dashboard dashboard = openList("")) {
      dashboard.awaitText(counted(dashboard, "All"), "350");
      dashboard.page().keyboard().press("/");
      dashboard.page().keyboard().type(task + "432");
      dashboard.row("run_" + task + "432").waitFor();

      dashboard.page().keyboard().type("x");
      dashboard.text("No run matches").waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void whereThereIsNoRunOneIsToldHowToStartOne() {
    try (Node node = Node.start(NodeSpec.serve(Shared.postgres().database()));
        Dashboard dashboard = Dashboard.signedIn(node, "/")) {
      dashboard.text("No runs yet").waitFor();
      dashboard.awaitLive();
      assertThat(dashboard.page().getByRole(AriaRole.TABPANEL).innerText())
          .contains("curl", node.url() + "/api/v1/tasks/hello/trigger");

      String run = node.api().trigger("hello", Map.of());
      dashboard.button("1 new run").click();
      dashboard.row(run).waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }
}
