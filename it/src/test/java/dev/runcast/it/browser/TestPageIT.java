package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.HandWorker;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of tests starts a run by hand, and leads to where it can be watched. */
class TestPageIT {
  private final String task = name("task");
  private final Api api = Shared.api();

  private static Dashboard open(String more) {
    Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/test" + more);
    payload(dashboard).waitFor();
    return dashboard;
  }

  private static Locator payload(Dashboard dashboard) {
    return dashboard.field("Payload");
  }

  private static void write(Dashboard dashboard, String json) {
    payload(dashboard).fill(json);
  }

  private static String runOf(Dashboard dashboard) {
    dashboard.page().waitForURL("**/runs/run_*");
    String url = dashboard.page().url();
    return url.substring(url.lastIndexOf('/') + 1);
  }

  @Test
  void startsARunWithAllThatIsTypedAndLeadsToItLive() {
    try (Dashboard dashboard = open("?task=" + task)) {
      write(dashboard, "{\"to\": \"ada\"}");
      dashboard.field("Tags").fill("user:1");
      dashboard.field("Tags").press("Enter");
      dashboard.field("Delay").fill("1h");
      dashboard.field("Idempotency key").fill(task);
      dashboard.field("Metadata").fill("{\"step\": \"first\"}");
      dashboard.button("Run the test").click();

      String run = runOf(dashboard);
      dashboard.awaitText(dashboard.page().getByTestId("status"), "Delayed");
      dashboard.awaitLive();
      JsonNode made = api.get("/api/v3/runs/" + run).expect(200).json();
      assertThat(made.get("taskIdentifier").asText()).isEqualTo(task);
      assertThat(made.get("payload").get("to").asText()).isEqualTo("ada");
      assertThat(made.get("tags").get(0).asText()).isEqualTo("user:1");
      assertThat(made.get("metadata").get("step").asText()).isEqualTo("first");
      assertThat(made.get("isTest").asBoolean()).isTrue();
      assertThat(made.get("idempotencyKey").asText()).isEqualTo(task);
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void saysWhatIsWrongBeforeAndAfterTheServiceIsAsked() {
    try (Dashboard dashboard = open("?task=" + task)) {
      write(dashboard, "{\"to\": }");
      dashboard.text("This is no JSON").waitFor();
      dashboard.button("Run the test").click();
      assertThat(dashboard.page().url()).contains("/test");

      write(dashboard, "{}");
      dashboard.field("Delay").fill("999999d");
      dashboard.button("Run the test").click();
      dashboard.text("must be").waitFor();
      assertThat(dashboard.page().url()).contains("/test");

      dashboard.field("Delay").fill("");
      dashboard.page().keyboard().press("Control+Enter");
      assertThat(runOf(dashboard)).startsWith("run_");
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void offersTheTasksThatWereSeenAndWhatTheyRanWithLast() {
    api.trigger(task, Map.of("n", 41), Map.of());
    try (Dashboard dashboard = open("")) {
      Locator name = dashboard.field("Task");
      name.click();
      name.fill(task.substring(0, task.length() - 1));
      dashboard
          .page()
          .getByRole(AriaRole.OPTION, new Page.GetByRoleOptions().setName(task))
          .click();
      dashboard.button("Take that of its last run").click();
      dashboard.awaitText(payload(dashboard), "\"n\": 41");

      dashboard.button("Run the test").click();
      String run = runOf(dashboard);
      assertThat(api.get("/api/v3/runs/" + run).json().get("payload").get("n").asInt())
          .isEqualTo(41);
    }
  }

  @Test
  void offersWhatATaskWasRegisteredWithAndChecksAgainstIt() {
    Map<String, Object> mail = HandWorker.task(task);
    mail.put(
        "payloadSchema",
        Map.of(
            "type", "object",
            "required", List.of("to"),
            "properties",
                Map.of(
                    "to", Map.of("type", "string", "format", "email"),
                    "copies", Map.of("type", "integer", "minimum", 1))));
    Node own = Node.start(NodeSpec.serve(Shared.postgres().database()));
    try (own;
        Dashboard dashboard = Dashboard.signedIn(own, "/test")) {
      new HandWorker(own.api()).register(task, List.of(mail));
      dashboard.page().reload();
      Locator name = dashboard.field("Task");
      name.click();
      dashboard
          .page()
          .getByRole(AriaRole.OPTION, new Page.GetByRoleOptions().setName(task))
          .click();
      dashboard.awaitText(payload(dashboard), "\"to\": \"ada@example.com\"");
      Locator says = dashboard.page().getByLabel("What the schema says");
      dashboard.awaitText(says, "It is as the task’s schema asks");

      write(dashboard, "{\"copies\": 0}");
      dashboard.awaitText(says, "to is missing");
      dashboard.awaitText(says, "copies must be 1 or more");
      dashboard.button("Make an example").click();
      dashboard.awaitText(says, "It is as the task’s schema asks");
      assertThat(dashboard.barriers()).isEmpty();

      write(dashboard, "{\"to\": \"grace@example.com\", \"copies\": 2}");
      dashboard.button("Run the test").click();
      runOf(dashboard);
      dashboard.go("/test?task=" + task);
      dashboard.awaitText(payload(dashboard), "ada@example.com");
      dashboard.button("Earlier ones").click();
      dashboard
          .page()
          .getByRole(AriaRole.MENUITEM)
          .filter(new Locator.FilterOptions().setHasText("Queued"))
          .click();
      dashboard.awaitText(payload(dashboard), "grace@example.com");
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void leadsToTheRunThatAKeyHasMadeBefore() {
    String first = api.trigger(task, Map.of("idempotencyKey", task));
    try (Dashboard dashboard = open("?task=" + task)) {
      dashboard.field("Idempotency key").fill(task);
      dashboard.button("Run the test").click();
      dashboard.text("This key has made a run already").waitFor();
      dashboard.page().getByText(first).click();
      assertThat(runOf(dashboard)).isEqualTo(first);
    }
  }
}
