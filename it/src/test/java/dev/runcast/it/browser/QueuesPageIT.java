package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Shared;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * The page of queues shows what waits and runs as it moves, and holds queues up or lets them go.
 */
class QueuesPageIT {
  private final String task = name("queue");
  private final Api api = Shared.api();

  private Dashboard open() {
    Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/queues?name=" + task);
    dashboard.awaitLive();
    return dashboard;
  }

  private static Locator row(Dashboard dashboard, String queue) {
    return dashboard.page().locator("[data-queue='" + queue + "']");
  }

  private static Locator cell(Dashboard dashboard, String queue, String label) {
    return row(dashboard, queue).locator("td[data-label='" + label + "']");
  }

  private JsonNode queue() {
    return api.get("/api/v1/queues/" + task + "?type=task").expect(200).json();
  }

  @Test
  void whatWaitsAndRunsMovesInItsPlace() {
    String first = api.trigger(task, Map.of());
    try (Dashboard dashboard = open()) {
      dashboard.awaitText(cell(dashboard, task, "Queued"), "1");
      Object top = row(dashboard, task).boundingBox().y;

      api.trigger(task, Map.of());
      dashboard.awaitText(cell(dashboard, task, "Queued"), "2");
      api.move(first, Map.of("status", "EXECUTING"));
      dashboard.awaitText(cell(dashboard, task, "Running"), "1");
      dashboard.awaitText(cell(dashboard, task, "Queued"), "1");
      assertThat(row(dashboard, task).boundingBox().y).as("nothing shifts").isEqualTo(top);

      String other = task + "-2";
      api.trigger(other, Map.of());
      row(dashboard, other).waitFor();
      row(dashboard, task).getByRole(AriaRole.LINK).click();
      dashboard.row(first).waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void aQueueIsPausedAndLetGoByKeyboard() {
    api.trigger(task, Map.of());
    try (Dashboard dashboard = open()) {
      dashboard.button("Pause " + task).focus();
      dashboard.page().keyboard().press("Enter");
      dashboard.awaitText(row(dashboard, task), "Paused");
      assertThat(queue().get("paused").asBoolean()).isTrue();

      dashboard.page().getByLabel("Which queues").selectOption("busy");
      row(dashboard, task).waitFor();
      assertThat(dashboard.page().url()).contains("show=busy");
      dashboard.button("Resume " + task).click();
      dashboard.button("Pause " + task).waitFor();
      assertThat(queue().get("paused").asBoolean()).isFalse();
    }
  }

  @Test
  void anotherLimitIsSetAndTheDeclaredOneBroughtBack() {
    api.trigger(task, Map.of());
    try (Dashboard dashboard = open()) {
      dashboard.awaitText(cell(dashboard, task, "Limit"), "none");
      dashboard.button("Limit of " + task).click();
      dashboard
          .page()
          .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Runs at once"))
          .fill("0");
      dashboard.button("Set the limit").click();
      dashboard.awaitText(cell(dashboard, task, "Limit"), "instead of none");
      dashboard.awaitText(row(dashboard, task), "At its limit");
      assertThat(queue().get("concurrencyLimit").asInt()).isZero();

      dashboard.button("Limit of " + task).click();
      dashboard.button("Reset to the declared one").click();
      cell(dashboard, task, "Limit")
          .filter(new Locator.FilterOptions().setHasNotText("instead"))
          .waitFor();
      assertThat(queue().get("concurrencyLimit").isNull()).isTrue();
    }
  }

  @Test
  void theKeysOfAQueueAreShownAndStandInTheAddress() {
    api.trigger(task, Map.of("concurrencyKey", "user-1"));
    try (Dashboard dashboard = open()) {
      dashboard.button("Keys of " + task).click();
      Locator keys = dashboard.page().getByLabel("Concurrency keys of " + task);
      dashboard.awaitText(keys, "user-1");
      api.trigger(task, Map.of("concurrencyKey", "user-2"));
      dashboard.awaitText(keys, "user-2");
      assertThat(dashboard.page().url()).contains("open=queue_");
      dashboard.page().reload();
      dashboard.awaitText(keys, "user-2");
    }
  }

  @Test
  void nothingIsSaidWhereThereIsNothing() {
    try (Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/queues?name=" + task)) {
      dashboard.page().getByText(java.util.regex.Pattern.compile("No queue")).first().waitFor();
      api.trigger(task, Map.of());
      row(dashboard, task).waitFor();
    }
  }

  @Test
  void keepsNobodyOut() {
    api.trigger(task, Map.of("concurrencyKey", "user-1"));
    SoftAssertions softly = new SoftAssertions();
    try (Dashboard dashboard = open()) {
      dashboard.button("Keys of " + task).click();
      dashboard.awaitText(dashboard.page().getByLabel("Concurrency keys of " + task), "user-1");
      Guises.hold(dashboard, "queues", softly);
      dashboard.button("Limit of " + task).click();
      dashboard.button("Set the limit").waitFor();
      softly.assertThat(dashboard.barriers()).as("the limit").isEmpty();
    }
    softly.assertAll();
  }
}
