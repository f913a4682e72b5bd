package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.HandWorker;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import dev.runcast.it.harness.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page of a run tells its attempts, what it waits for, and what holds it up. */
class RunCourseIT {
  private static final Locator.WaitForOptions GONE =
      new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED);

  private static TestDatabase database;
  private static Node node;

  private final String task = name("task");
  private final Api api = node.api();
  private final HandWorker worker = new HandWorker(api);

  @BeforeAll
  static void start() {
    database = Shared.postgres().database();
    node = Node.start(NodeSpec.serve(database));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Dashboard open(String run) {
    Dashboard dashboard = Dashboard.signedIn(node, "/runs/" + run);
    dashboard.page().getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)).waitFor();
    dashboard.awaitLive();
    return dashboard;
  }

  private static Locator section(Dashboard dashboard, String title) {
    return dashboard
        .page()
        .getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName(title).setExact(true));
  }

  private static Locator holdup(Dashboard dashboard) {
    return dashboard.page().getByTestId("holdup");
  }

  private void register(Map<String, ?> more) {
    Map<String, Object> registered = HandWorker.task(task);
    registered.putAll(more);
    worker.register(task, List.of(registered));
  }

  @Test
  void eachAttemptIsToldWithWhyItFailedAndWhenTheNextBegins() {
    register(Map.of("retry", Map.of("maxAttempts", 3)));
    String run = api.trigger(task, Map.of());
    try (Dashboard dashboard = open(run)) {
      worker.begin(run);
      Locator attempts = section(dashboard, "Attempts");
      dashboard.awaitText(attempts.locator("[data-attempt='1']"), "Executing");

      worker.fail(run, "no such parcel", 3_600_000);
      Locator first = attempts.locator("[data-attempt='1']");
      dashboard.awaitText(first, "Error: no such parcel");
      dashboard.awaitText(first, "again in 59 min");
      dashboard.awaitText(holdup(dashboard), "the next one is to begin in 59 min");
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void anAttemptThatItsWorkerRepeatsIsFollowedByAnother() {
    register(Map.of("retry", Map.of("maxAttempts", 3)));
    String run = api.trigger(task, Map.of());
    worker.begin(run);
    worker.fail(run, "no such parcel", 100);
    try (Dashboard dashboard = open(run)) {
      Locator attempts = section(dashboard, "Attempts");
      dashboard.awaitText(attempts.locator("[data-attempt='1']"), "no such parcel");
      worker.beginAgain(run);
      dashboard.awaitText(attempts.locator("[data-attempt='2']"), "Executing");
      worker.succeed(run, "7");
      dashboard.awaitText(attempts.locator("[data-attempt='2']"), "Completed");
      dashboard.awaitText(attempts.locator("[data-attempt='1']"), "Failed");
    }
  }

  @Test
  void whatHoldsARunUpIsToldAsItChanges() {
    String queue = task + "-queue";
    String stray = api.trigger(task, Map.of());
    try (Dashboard dashboard = open(stray)) {
      dashboard.awaitText(holdup(dashboard), "No build has its task");
    }
    register(Map.of("queue", Map.of("name", queue, "concurrencyLimit", 1)));
    String first = api.trigger(task, Map.of());
    String second = api.trigger(task, Map.of());
    // Those of the other tests may have asked just now.
    database.execute("delete from presence");
    try (Dashboard dashboard = open(second)) {
      dashboard.awaitText(holdup(dashboard), "No worker is there");
      worker.begin(first);
      dashboard.awaitText(holdup(dashboard), "lets 1 run at once, and 1 do. It is the next.");

      holdup(dashboard).getByRole(AriaRole.LINK).click();
      dashboard.button("Pause " + queue).click();
      dashboard.button("Resume " + queue).waitFor();
      dashboard.page().goBack();
      dashboard.awaitText(holdup(dashboard), "Its queue is paused");
      dashboard.page().goForward();
      dashboard.button("Resume " + queue).click();
      dashboard.button("Pause " + queue).waitFor();
      worker.succeed(first, "1");
      dashboard.page().goBack();
      dashboard.awaitText(holdup(dashboard), "It is the next");
    }
    String delayed = api.trigger(task, Map.of("delay", "2h"));
    try (Dashboard dashboard = open(delayed)) {
      dashboard.awaitText(holdup(dashboard), "It was triggered with a delay, and is queued in 1 h");
    }
  }

  @Test
  void whatARunWaitsForIsLinkedAndATokenCompletedThere() {
    register(Map.of());
    String run = api.trigger(task, Map.of());
    worker.begin(run);
    String token =
        api.post("/api/v1/waitpoints/tokens", Map.of("timeout", "2h"))
            .expect(200)
            .json()
            .get("id")
            .asText();
    try (Dashboard dashboard = open(run)) {
      worker.waitForToken(run, token);
      Locator waits = section(dashboard, "Waits for");
      dashboard.awaitText(waits, token);
      dashboard.awaitText(waits, "times out in 1 h");
      Locator timeline = section(dashboard, "Timeline");
      dashboard.awaitText(timeline.locator("[data-kind='waiting']"), "Waiting: token");
      dashboard.awaitText(holdup(dashboard), "the token that it waits for; that times out in 1 h");
      waits
          .getByRole(AriaRole.BUTTON)
          .filter(new Locator.FilterOptions().setHasText("Complete"))
          .click();
      dashboard.button("Complete the token").click();
      dashboard.awaitText(dashboard.page().getByTestId("status"), "Executing");
      timeline.locator("[data-kind='waiting']").waitFor(GONE);

      worker.waitUntil(run, Instant.now().plusSeconds(7_200).toString());
      dashboard.awaitText(waits, "in 1 h");
      dashboard.awaitText(waits, "Time");
      dashboard.awaitText(timeline, "Waiting: time");
      dashboard.awaitText(holdup(dashboard), "It goes on by itself in 1 h");

      String parent = api.trigger(task, Map.of());
      worker.begin(parent);
      String child =
          api.trigger(
              task + "-child", Map.of("parentRunId", parent, "resumeParentOnCompletion", true));
      dashboard.go("/runs/" + parent);
      dashboard.awaitText(waits, "Queued");
      dashboard.awaitText(timeline, "Waiting: run");
      waits.getByRole(AriaRole.LINK).click();
      dashboard.page().waitForURL("**/runs/" + child);
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void aRunThatWaitsForInputSaysUnderWhichName() {
    register(Map.of());
    String run = api.trigger(task, Map.of());
    worker.begin(run);
    String waitpoint =
        api.post("/api/v1/runs/" + run + "/input-streams/wait", Map.of("streamId", "chat"))
            .expect(200)
            .json()
            .get("waitpointId")
            .asText();
    worker.waitForToken(run, waitpoint);
    try (Dashboard dashboard = open(run)) {
      dashboard.awaitText(section(dashboard, "Timeline"), "Waiting: input");
      dashboard.awaitText(holdup(dashboard), "when something is sent in to it as chat.");
      dashboard.awaitText(section(dashboard, "Waits for"), "chat");
    }
  }

  @Test
  void keepsNobodyOut() {
    register(Map.of("retry", Map.of("maxAttempts", 3)));
    String run = api.trigger(task, Map.of());
    worker.begin(run);
    worker.fail(run, "no such parcel", 100);
    worker.beginAgain(run);
    String token =
        api.post("/api/v1/waitpoints/tokens", Map.of("timeout", "2h")).json().get("id").asText();
    worker.waitForToken(run, token);
    SoftAssertions softly = new SoftAssertions();
    try (Dashboard dashboard = open(run)) {
      dashboard.awaitText(section(dashboard, "Waits for"), token);
      dashboard.awaitText(section(dashboard, "Attempts"), "no such parcel");
      Guises.hold(dashboard, "the course of a run", softly);
    }
    softly.assertAll();
  }
}
