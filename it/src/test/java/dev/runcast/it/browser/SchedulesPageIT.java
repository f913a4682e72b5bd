package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Shared;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page of schedules makes and changes them, and shows when they come and what they made. */
class SchedulesPageIT {
  private static final String YEARLY = "0 9 1 1 *";

  private final String task = name("report");
  private final Api api = Shared.api();

  /** Others of this node need not see them. */
  @AfterEach
  void removeSchedules() {
    schedules().forEach(schedule -> api.send("DELETE", path(schedule), null, Map.of()));
  }

  private Iterable<JsonNode> schedules() {
    JsonNode all = api.get("/api/v1/schedules?perPage=100").expect(200).json().get("data");
    return () ->
        java.util.stream.StreamSupport.stream(all.spliterator(), false)
            .filter(schedule -> schedule.get("task").asText().equals(task))
            .iterator();
  }

  private static String path(JsonNode schedule) {
    return "/api/v1/schedules/" + schedule.get("id").asText();
  }

  private String create(String cron) {
    Map<String, String> plan =
        Map.of("task", task, "cron", cron, "timezone", "Asia/Tokyo", "deduplicationKey", task);
    return api.post("/api/v1/schedules", plan).expect(200).json().get("id").asText();
  }

  private Dashboard open(String more) {
    Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/schedules?task=" + task + more);
    dashboard.awaitLive();
    return dashboard;
  }

  private static Locator row(Dashboard dashboard, String schedule) {
    return dashboard.page().locator("[data-schedule='" + schedule + "']");
  }

  @Test
  void aScheduleIsMadeWithItsNextTimesInSightAndWhatIsWrongAtItsField() {
    try (Dashboard dashboard = open("")) {
      dashboard.button("New schedule").click();
      assertThat(dashboard.field("Task").inputValue()).isEqualTo(task);
      assertThat(dashboard.page().url()).contains("form=new");
      dashboard.field("Cron expression").fill("61 9 * * *");
      dashboard.page().getByText("61").first().waitFor();
      dashboard.button("Create the schedule").click();
      dashboard.await(
          "document.querySelector('input[aria-invalid=true][aria-errormessage],"
              + " [data-error] input, input[aria-invalid=true]')");
      dashboard.field("Cron expression").fill("30 9 * * 1");
      dashboard.field("Window").fill("forever");
      dashboard.button("Create the schedule").click();
      dashboard.text("window must be").waitFor();
      dashboard.field("Window").fill("30m");
      Locator times = dashboard.page().getByLabel("The next times");
      dashboard.awaitText(times, "09:30");
      assertThat(times.locator("tbody tr").count()).isEqualTo(5);
      dashboard.button("Create the schedule").click();

      Locator made = dashboard.page().locator("[data-schedule]");
      dashboard.awaitText(made, task);
      JsonNode schedule = schedules().iterator().next();
      assertThat(schedule.get("generator").get("expression").asText()).isEqualTo("30 9 * * 1");
      assertThat(schedule.get("window").asText()).isEqualTo("30m");
      assertThat(schedule.get("deduplicationKey").asText()).startsWith("dashboard-");
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void aScheduleIsChangedHaltedAndRemoved() {
    String id = create(YEARLY);
    try (Dashboard dashboard = open("")) {
      dashboard.awaitText(row(dashboard, id), YEARLY);
      dashboard.button("Edit " + task + ", " + YEARLY).click();
      dashboard.field("Cron expression").fill("0 10 1 1 *");
      dashboard.button("Save the changes").click();
      dashboard.awaitText(row(dashboard, id), "0 10 1 1 *");

      Locator active = row(dashboard, id).getByRole(AriaRole.CHECKBOX);
      active.focus();
      dashboard.page().keyboard().press("Space");
      dashboard.awaitText(row(dashboard, id).locator("td[data-label='Next']"), "–");
      assertThat(api.get("/api/v1/schedules/" + id).json().get("active").asBoolean()).isFalse();

      dashboard.button("Delete " + task + ", 0 10 1 1 *").click();
      dashboard.button("Delete the schedule").click();
      row(dashboard, id)
          .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
      assertThat(api.get("/api/v1/schedules/" + id).status()).isEqualTo(404);
    }
  }

  @Test
  void whatItMakesShowsAsItHappens() {
    String id = create("* * * * *");
    try (Dashboard dashboard = open("&open=" + id)) {
      dashboard.awaitText(
          dashboard.page().getByLabel("Next times", new Page.GetByLabelOptions().setExact(true)),
          "Asia/Tokyo");
      Locator runs = dashboard.page().getByLabel("Last runs");
      Shared.sql()
          .database()
          .execute(
              "update schedule set served_until = now() - interval '2 minutes' where id = '%s'"
                  .formatted(id));
      Shared.sql()
          .database()
          .execute(
              "update due set at = now() where kind = 'SCHEDULE' and ref = '%s'".formatted(id));
      dashboard.awaitText(runs, "run_");
      dashboard.awaitText(runs, "Queued");
      row(dashboard, id)
          .locator("td[data-label='Last']")
          .filter(new Locator.FilterOptions().setHasNotText("never"))
          .waitFor();
      runs.getByRole(AriaRole.LINK).first().click();
      dashboard.page().waitForURL("**/runs/run_*");
    }
  }

  @Test
  void whatIsDeclaredIsMarkedAndNotChangedHere() {
    String id = create(YEARLY);
    Shared.sql()
        .database()
        .execute("update schedule set type = 'DECLARATIVE' where id = '%s'".formatted(id));
    try (Dashboard dashboard = open("&form=" + id)) {
      dashboard.awaitText(row(dashboard, id), "declared");
      assertThat(dashboard.button("Edit " + task + ", " + YEARLY).isDisabled()).isTrue();
      assertThat(dashboard.button("Delete " + task + ", " + YEARLY).isDisabled()).isTrue();
      assertThat(dashboard.page().getByRole(AriaRole.DIALOG).count()).isZero();
    } finally {
      Shared.sql().database().execute("delete from schedule where id = '%s'".formatted(id));
    }
  }

  @Test
  void keepsNobodyOut() {
    SoftAssertions softly = new SoftAssertions();
    try (Dashboard dashboard = open("")) {
      dashboard.page().getByText(java.util.regex.Pattern.compile("No schedule")).waitFor();
      softly.assertThat(dashboard.barriers()).as("nothing").isEmpty();
      String id = create(YEARLY);
      dashboard.go("/schedules?task=" + task + "&open=" + id);
      dashboard.awaitLive();
      dashboard.awaitText(dashboard.page().getByLabel("The next times"), "09:00");
      Guises.hold(dashboard, "schedules", softly);
      dashboard.button("New schedule").click();
      dashboard.button("Create the schedule").waitFor();
      dashboard.awaitText(dashboard.page().getByLabel("The next times").last(), "09:00");
      Guises.hold(dashboard, "a new schedule", softly);
    }
    softly.assertAll();
  }
}
