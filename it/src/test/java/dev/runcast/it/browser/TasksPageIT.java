package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.HandWorker;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pages of tasks show what builds have and what runs come to, as it happens. */
class TasksPageIT {
  private static Node node;

  private final String task = name("task");
  private final Api api = node.api();
  private final HandWorker worker = new HandWorker(api);

  @BeforeAll
  static void start() {
    node = Node.start(NodeSpec.serve(Shared.postgres().database()));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private Map<String, Object> mail() {
    Map<String, Object> mail = HandWorker.task(task);
    mail.put("description", "Sends one mail");
    mail.put("queue", Map.of("name", task + "-queue", "concurrencyLimit", 5));
    mail.put("retry", Map.of("maxAttempts", 4, "minTimeoutInMs", 2000, "factor", 2));
    mail.put("machine", Map.of("preset", "small-2x"));
    mail.put("maxDuration", 90);
    mail.put("payloadSchema", Map.of("type", "object", "required", List.of("to")));
    return mail;
  }

  private Dashboard open(String path) {
    Dashboard dashboard = Dashboard.signedIn(node, path);
    dashboard.awaitLive();
    return dashboard;
  }

  private static Locator row(Dashboard dashboard, String task) {
    return dashboard.page().locator("[data-task='" + task + "']");
  }

  private static Locator section(Dashboard dashboard, String title) {
    return dashboard
        .page()
        .getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName(title).setExact(true));
  }

  @Test
  void whatABuildHasAndWhatRunsComeToShowsAsItHappens() {
    try (Dashboard dashboard = open("/tasks?name=" + task)) {
      String stray = task + "-stray";
      String run = api.trigger(stray, Map.of());
      dashboard.awaitText(row(dashboard, stray), "no build");
      dashboard.awaitText(row(dashboard, stray), "Queued");
      Locator line = row(dashboard, stray).getByRole(AriaRole.IMG);
      assertThat(line.getAttribute("aria-label")).startsWith("1 run in the last");

      api.move(run, Map.of("status", "EXECUTING"));
      api.move(run, Map.of("status", "COMPLETED"));
      dashboard.awaitText(row(dashboard, stray), "Completed");
      row(dashboard, stray).getByLabel("1 completed").waitFor();

      String version = worker.register(task, List.of(mail()));
      api.trigger(task, Map.of());
      dashboard.awaitText(row(dashboard, task), version);
      dashboard.awaitText(row(dashboard, task), "src/" + task + ".ts");
      dashboard.text("No worker has asked for runs yet").waitFor();
      worker.dequeue();
      dashboard.text("A worker is there").waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void aTaskIsToldWithItsBuildsAndItsRuns() {
    String first = worker.register(task + "1", List.of(mail()));
    String second = worker.register(task + "2", List.of(mail()));
    String run = api.trigger(task, Map.of());
    try (Dashboard dashboard = open("/tasks?name=" + task)) {
      row(dashboard, task)
          .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(task).setExact(true))
          .click();
      dashboard.page().waitForURL("**/tasks/" + task);
      Locator facts = section(dashboard, "Facts");
      for (String fact :
          List.of(
              second,
              "src/" + task + ".ts",
              "4 attempts, after 2.0 s, 2 times as long each time",
              "small-2x",
              "1 min 30 s",
              task + "-queue")) {
        dashboard.awaitText(facts, fact);
      }
      dashboard.text("Sends one mail").waitFor();
      dashboard.awaitText(section(dashboard, "Builds that have it"), first);
      dashboard.text("JSON Schema of its payload").click();
      dashboard.awaitText(facts, "\"required\"");
      dashboard.awaitText(dashboard.row(run), "Queued");

      worker.begin(run);
      dashboard.awaitText(dashboard.row(run), "Executing");
      worker.succeed(run, "1");
      dashboard.awaitText(section(dashboard, "Last 24 hours"), "1 completed");

      worker.register(task + "3", List.of(HandWorker.task(task + "-other")));
      api.trigger(task, Map.of());
      dashboard.text("not in the newest build").waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void whatIsNotThereIsSaid() {
    try (Dashboard dashboard = open("/tasks?name=" + task)) {
      dashboard.page().getByText(java.util.regex.Pattern.compile("No task")).first().waitFor();
      dashboard.go("/tasks/" + task);
      dashboard.text("There is no such task").waitFor();
    }
  }

  @Test
  void theKeysLeadToATaskAndIntoItsTest() {
    worker.register(task, List.of(mail()));
    try (Dashboard dashboard = open("/tasks")) {
      row(dashboard, task).waitFor();
      dashboard.page().keyboard().press("/");
      dashboard.page().keyboard().type(task);
      dashboard.await("location.search.includes('" + task + "')");
      List<String> reached = new ArrayList<>();
      while (!reached.contains("Test " + task) && reached.size() < 20) {
        dashboard.page().keyboard().press("Tab");
        reached.add(
            String.valueOf(
                dashboard
                    .page()
                    .evaluate(
                        "document.activeElement.getAttribute('aria-label') ??"
                            + " document.activeElement.textContent")));
      }
      assertThat(reached).contains(task, "Test " + task);
      dashboard.page().keyboard().press("Enter");
      dashboard.page().waitForURL("**/test?task=" + task);
    }
  }

  @Test
  void keepsNobodyOut() {
    worker.register(task, List.of(mail()));
    String run = api.trigger(task, Map.of());
    SoftAssertions softly = new SoftAssertions();
    try (Dashboard dashboard = open("/tasks?name=" + task)) {
      dashboard.awaitText(row(dashboard, task), "Queued");
      Guises.hold(dashboard, "tasks", softly);
      dashboard.go("/tasks/" + task);
      dashboard.row(run).waitFor();
      dashboard.awaitLive();
      Guises.hold(dashboard, "a task", softly);
    }
    softly.assertAll();
  }
}
