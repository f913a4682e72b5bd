package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Shared;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** What axe finds against each page, by day and by night, on a desk and on a telephone. */
class AccessibilityIT {
  private final String task = name("task");

  @Test
  void noPageKeepsAnybodyOut() {
    String run = runWithEverything();
    SoftAssertions softly = new SoftAssertions();
    try (Dashboard dashboard = Dashboard.open(Shared.node(), "/runs?task=" + task)) {
      dashboard.keyField().waitFor();
      Guises.hold(dashboard, "the way in", softly);

      dashboard.signIn(Shared.node().secretKey());
      dashboard.row(run).waitFor();
      dashboard.awaitLive();
      Guises.hold(dashboard, "the list", softly);

      dashboard.button("Filters").click();
      dashboard.page().getByText("A run needs one of them").waitFor();
      softly.assertThat(dashboard.barriers()).as("the filters").isEmpty();

      dashboard.go("/runs?task=nobodys-task");
      dashboard.text("No run matches").waitFor();
      softly.assertThat(dashboard.barriers()).as("nothing").isEmpty();

      dashboard.go("/runs/" + run);
      dashboard.text("In short").waitFor();
      dashboard.button("Issue a token").click();
      dashboard.page().getByRole(AriaRole.TABPANEL).waitFor();
      Guises.hold(dashboard, "a run", softly);

      dashboard.button("Replay").click();
      dashboard
          .page()
          .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Payload"))
          .waitFor();
      softly.assertThat(dashboard.barriers()).as("the replay").isEmpty();
    }
    softly.assertAll();
  }

  @Test
  void noBatchKeepsAnybodyOut() {
    Api api = Shared.api();
    String batch =
        api.post("/api/v3/batches", Map.of("runCount", 3)).expect(202).json().get("id").asText();
    String run = api.trigger(task, Map.of("parentBatch", batch));
    api.move(run, Map.of("status", "EXECUTING"));
    api.move(run, Map.of("status", "FAILED"));
    SoftAssertions softly = new SoftAssertions();
    try (Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/batches/" + batch)) {
      dashboard.row(run).waitFor();
      dashboard.awaitLive();
      Guises.hold(dashboard, "a batch", softly);
    }
    softly.assertAll();
  }

  @Test
  void noPageOfFormsKeepsAnybodyOut() {
    SoftAssertions softly = new SoftAssertions();
    try (Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/test?task=" + task)) {
      dashboard
          .page()
          .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Payload"))
          .waitFor();
      Guises.hold(dashboard, "a test", softly);

      dashboard.go("/tokens");
      dashboard.button("Issue the token").click();
      dashboard.button("Look into it").click();
      dashboard.button("Revoke this token").waitFor();
      Guises.hold(dashboard, "tokens and keys", softly);
      dashboard.button("Rotate the key").click();
      dashboard.button("Make a new key").waitFor();
      softly.assertThat(dashboard.barriers()).as("the rotation").isEmpty();

      dashboard.go("/inside");
      dashboard.page().locator("[data-connection='live']").waitFor();
      Guises.hold(dashboard, "the service from inside", softly);
    }
    softly.assertAll();
  }

  private String runWithEverything() {
    Api api = Shared.api();
    String run = api.trigger(task, Map.of("tags", List.of("user:1"), "metadata", Map.of("n", 1)));
    api.move(run, Map.of("status", "EXECUTING"));
    String stream = "/realtime/v1/streams/" + run + "/self/answer";
    api.send("POST", stream, "\"In short\"\n", Map.of()).expect(200);
    api.trigger(task, Map.of("parentRunId", run));
    return run;
  }
}
