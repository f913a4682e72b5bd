package dev.runcast.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.RunWriter;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A list of 100,000 runs is one list: any of its rows is reached, and each is live. */
class ManyRunsIT {
  private static final int RUNS = 100_000;
  private static final int ROW_HEIGHT = 44;

  @Test
  void everyRowIsReachedAndIsLive() {
    TestDatabase database = Shared.postgres().database();
    try (Node node = Node.start(NodeSpec.serve(database))) {
      seed(new RunWriter(database, node.api().environment()));
      try (Dashboard dashboard = Dashboard.signedIn(node, "/runs")) {
        dashboard.awaitLive();
        dashboard.row("run_0").waitFor();
        dashboard.await("document.querySelector('[role=grid][aria-rowcount=\"100001\"]')");

        Locator grid = dashboard.page().getByRole(AriaRole.GRID);
        grid.focus();
        dashboard.page().keyboard().press("End");
        dashboard.row("run_" + (RUNS - 1)).waitFor();
        assertThat(dashboard.row("run_" + (RUNS - 1)).getAttribute("aria-rowindex"))
            .isEqualTo("" + (RUNS + 1));
        node.api().move("run_" + (RUNS - 1), Map.of("status", "EXECUTING"));
        dashboard.awaitText(dashboard.row("run_" + (RUNS - 1)), "Executing");

        scrollTo(grid, 50_000);
        dashboard.row("run_50000").waitFor();
        assertThat(whatIsDrawn(dashboard)).contains("run_50000").isEqualTo(inARow(dashboard));
        goesOnPageByPage(dashboard);

        String added = node.api().trigger("hello", Map.of());
        dashboard.button("1 new run").click();
        dashboard.row(added).waitFor();
        dashboard.row("run_0").waitFor();
        assertThat(dashboard.errors()).isEmpty();
      }
    }
  }

  /** Run 0 is the newest. */
  private static void seed(RunWriter sql) {
    sql.transact(
        write ->
            write.execute(
                "insert into run (environment_id, id, task_identifier, created_at)"
                    + " select ?, 'run_' || i, 'many', now() - i * interval '1 s'"
                    + " from generate_series(0, ?) i",
                sql.environment(),
                RUNS - 1));
  }

  private static void scrollTo(Locator grid, int row) {
    grid.evaluate("(grid, top) => grid.scrollTo(0, top)", row * ROW_HEIGHT);
  }

  /** More pages than are held at once, up and down again. */
  private static void goesOnPageByPage(Dashboard dashboard) {
    Locator grid = dashboard.page().getByRole(AriaRole.GRID);
    for (int row = 50_000; row >= 46_000; row -= 200) {
      scrollTo(grid, row);
      dashboard.row("run_" + row).waitFor();
    }
    for (int row = 46_000; row <= 50_000; row += 200) {
      scrollTo(grid, row);
      dashboard.row("run_" + row).waitFor();
    }
    assertThat(whatIsDrawn(dashboard)).isEqualTo(inARow(dashboard));
  }

  private static List<String> whatIsDrawn(Dashboard dashboard) {
    return dashboard.page().locator("[data-run]").all().stream()
        .map(row -> row.getAttribute("data-run"))
        .sorted()
        .toList();
  }

  /** What is to be drawn by the numbers of the rows. */
  private static List<String> inARow(Dashboard dashboard) {
    return dashboard.page().locator("[data-run]").all().stream()
        .map(row -> "run_" + (Integer.parseInt(row.getAttribute("aria-rowindex")) - 2))
        .sorted()
        .toList();
  }
}
