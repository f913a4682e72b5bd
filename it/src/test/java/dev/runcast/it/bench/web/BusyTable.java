package dev.runcast.it.bench.web;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowWriter;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The list of runs while 1,000 of its changes a second come, in an environment of 100,000 runs:
 * whether the page is ever held up for longer than 50 ms, and whether it still scrolls.
 */
public final class BusyTable implements Section {
  private static final int RUNS = 100_000;
  private static final int CHANGING = 1_000;
  private static final Pace WARM_UP = new Pace(1_000, Duration.ofSeconds(5));
  private static final Pace PACE = new Pace(1_000, Duration.ofSeconds(20));
  private static final Pace SCROLLING = new Pace(1_000, Duration.ofSeconds(15));
  private static final double AIM_MS = 50;

  /** A step of 300 through the whole list. */
  private static final String ONWARD =
      "(() => { const grid = document.querySelector('[role=grid]');"
          + " grid.scrollTop += grid.scrollHeight / 300; })()";

  private static final String PREFIX = "run_bench_table_";

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    seed(ground.database(), service.environment());
    try (Signed dashboard = Signed.in(service, Tenant.SERVICE_KEY, "/runs?task=bench-table");
        RowWriter writer =
            new RowWriter(ground.database(), service.environment(), PREFIX, CHANGING, "{}")) {
      writer.run(WARM_UP);
      dashboard.forgetLongTasks();
      Usage before = service.usage();
      writer.run(PACE);
      Cost cost = Cost.of("service", service.usage().since(before));
      add(report, "1,000 changes/s into the list", dashboard, cost, 0);
      dashboard.forgetLongTasks();
      int paged =
          whileWriting(writer, () -> dashboard.page().keyboard().press("PageDown"), dashboard);
      add(report, "the same while paging down for 15 s", dashboard, Cost.NONE, paged);
      dashboard.forgetLongTasks();
      int passed = whileWriting(writer, () -> dashboard.page().evaluate(ONWARD), dashboard);
      add(
          report,
          "the same while scrolling through all rows in 15 s",
          dashboard,
          Cost.NONE,
          passed);
      dashboard.page().keyboard().press("End");
      dashboard.page().locator("[data-run='" + PREFIX + (RUNS - 1) + "']").waitFor();
    }
  }

  private static void add(Report report, String name, Signed dashboard, Cost cost, int rowReached) {
    report.add(
        new Figure(
            name + ", longest task of the page",
            "ms",
            dashboard.longestTask(),
            null,
            Figure.Target.atMost("<= 50 ms", dashboard.longestTask(), AIM_MS),
            cost,
            "0 where no task took more than 50 ms, which is the shortest that a browser tells of.",
            new JsonObject()
                .put("longTasks", dashboard.longTasks())
                .put("rowReached", rowReached)));
  }

  /** Does something every 50 ms while changes come; the last row that is drawn then. */
  private static int whileWriting(RowWriter writer, Runnable step, Signed dashboard) {
    CompletableFuture<Long> writing = CompletableFuture.supplyAsync(() -> writer.run(SCROLLING));
    dashboard.page().locator("[role=grid]").focus();
    while (!writing.isDone()) {
      step.run();
      dashboard.page().waitForTimeout(50);
    }
    return ((Number)
            dashboard
                .page()
                .evaluate(
                    "Math.max(...[...document.querySelectorAll('[aria-rowindex]')]"
                        + ".map((row) => Number(row.getAttribute('aria-rowindex'))))"))
        .intValue();
  }

  /** Those that change are the newest, which the list shows first. */
  private static void seed(BenchDatabase database, String environment) {
    database.run(
        """
        insert into run (environment_id, id, task_identifier, status, payload, payload_type, queue,
          created_at)
        select ?, ? || i, 'bench-table', 'EXECUTING', '{}', 'application/json', 'task/bench-table',
          now() - i * interval '1 second'
        from generate_series(0, ? - 1) i""",
        environment,
        PREFIX,
        RUNS);
  }
}
