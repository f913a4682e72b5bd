package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.HandWorker;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page of waitpoints shows who waits for what, and lets one say what they wait for. */
class WaitpointsPageIT {
  private static Node node;

  private final String tag = name("tag");
  private final Api api = node.api();

  @BeforeAll
  static void start() {
    node = Node.start(NodeSpec.serve(Shared.postgres().database()));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private String create(Map<String, ?> asked) {
    return api.post("/api/v1/waitpoints/tokens", asked).expect(200).json().get("id").asText();
  }

  private Dashboard open(String more) {
    Dashboard dashboard = Dashboard.signedIn(node, "/waitpoints?tags=" + tag + more);
    dashboard.awaitLive();
    return dashboard;
  }

  private static Locator row(Dashboard dashboard, String token) {
    return dashboard.page().locator("[data-waitpoint='" + token + "']");
  }

  @Test
  void aTokenThatARunWaitsForIsCompletedByHandAndTheRunGoesOn() {
    String task = name("task");
    HandWorker worker = new HandWorker(api);
    worker.register(task, List.of(HandWorker.task(task)));
    String token = create(Map.of("tags", List.of(tag)));
    String run = api.trigger(task, Map.of());
    worker.begin(run);
    try (Dashboard dashboard = open("")) {
      dashboard.awaitText(row(dashboard, token), "nobody");

      worker.waitForToken(run, token);
      dashboard.awaitText(row(dashboard, token).getByRole(AriaRole.LINK), run);

      dashboard.button("Complete " + token).click();
      dashboard.field("What it is completed with").fill("{\"approved\":");
      dashboard.text("This is no JSON").waitFor();
      assertThat(dashboard.button("Complete the token").isDisabled()).isTrue();
      dashboard.field("What it is completed with").fill("{\"approved\": true}");
      dashboard.button("Complete the token").click();
      dashboard.awaitText(row(dashboard, token), "Completed");
      dashboard.button("More of " + token).click();
      dashboard.text("\"approved\": true").waitFor();

      JsonNode told = api.get("/api/v1/waitpoints/tokens/" + token).json();
      assertThat(told.get("output").asText()).isEqualTo("{\"approved\":true}");
      worker.succeed(run, "1");
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void aTokenIsMadeAndItsAddressShown() {
    try (Dashboard dashboard = open("")) {
      dashboard.button("New token").focus();
      dashboard.page().keyboard().press("Enter");
      dashboard.field("Timeout").fill("soon");
      dashboard.button("Create the token").click();
      dashboard.text("timeout must").first().waitFor();
      dashboard.field("Timeout").fill("2h");
      dashboard.field("Tags").last().fill(tag);
      dashboard.field("Tags").last().press("Enter");
      dashboard.button("Create the token").click();

      dashboard.text("/callback").waitFor();
      JsonNode made =
          api.get("/api/v1/waitpoints/tokens?filter%5Btags%5D=" + tag).json().get("data").get(0);
      dashboard.awaitText(row(dashboard, made.get("id").asText()), "in 1 h");
      assertThat(dashboard.page().url()).contains("open=" + made.get("id").asText());
    }
  }

  @Test
  void aTokenWhoseTimeIsOverIsSeenToEnd() {
    String token = create(Map.of("tags", List.of(tag), "timeout", "8s"));
    try (Dashboard dashboard = open("")) {
      dashboard.awaitText(row(dashboard, token), "Waiting");
      dashboard.awaitText(row(dashboard, token), "Timed out");
    }
  }

  @Test
  void theStatusNarrowsTheListAndStandsInTheAddress() {
    String waiting = create(Map.of("tags", List.of(tag)));
    String done = create(Map.of("tags", List.of(tag)));
    api.post("/api/v1/waitpoints/tokens/" + done + "/complete", Map.of()).expect(200);
    try (Dashboard dashboard = open("&status=COMPLETED")) {
      row(dashboard, done).waitFor();
      assertThat(row(dashboard, waiting).count()).isZero();

      dashboard.page().getByLabel("Status").selectOption("WAITING");
      row(dashboard, waiting).waitFor();
      assertThat(row(dashboard, done).count()).isZero();
      assertThat(dashboard.page().url()).contains("status=WAITING");
    }
  }

  @Test
  void keepsNobodyOut() {
    SoftAssertions softly = new SoftAssertions();
    try (Dashboard dashboard = open("")) {
      dashboard.text("No token matches").waitFor();
      softly.assertThat(dashboard.barriers()).as("nothing").isEmpty();
      String token = create(Map.of("tags", List.of(tag, "review"), "timeout", "2h"));
      dashboard.go("/waitpoints?tags=" + tag + "&open=" + token);
      dashboard.awaitLive();
      dashboard.text("/callback").waitFor();
      Guises.hold(dashboard, "waitpoints", softly);
      dashboard.button("New token").click();
      dashboard.button("Create the token").waitFor();
      softly.assertThat(dashboard.barriers()).as("a new token").isEmpty();
      dashboard.page().keyboard().press("Escape");
      dashboard.button("Complete " + token).click();
      dashboard.field("What it is completed with").waitFor();
      softly.assertThat(dashboard.barriers()).as("a completion").isEmpty();
    }
    softly.assertAll();
  }
}
