package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Answer;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Shared;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of a run shows all of it as it happens, and does what one asks of it. */
class RunPageIT {
  private final String task = name("task");
  private final Api api = Shared.api();

  private static Dashboard open(String run) {
    Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/runs/" + run);
    dashboard.page().getByRole(AriaRole.HEADING, level(1)).waitFor();
    return dashboard;
  }

  private static Page.GetByRoleOptions level(int level) {
    return new Page.GetByRoleOptions().setLevel(level);
  }

  private static Locator section(Dashboard dashboard, String title) {
    return dashboard
        .page()
        .getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName(title).setExact(true));
  }

  private static Locator status(Dashboard dashboard) {
    return dashboard.page().getByTestId("status");
  }

  @Test
  void aRunIsSeenFromItsStartToItsEnd() {
    String run = api.trigger(task, Map.of("tags", List.of(task)));
    try (Dashboard dashboard = open(run)) {
      dashboard.awaitLive();
      dashboard.awaitText(status(dashboard), "Queued");
      dashboard.awaitText(section(dashboard, "Payload"), "\"from\": \"test\"");
      dashboard.awaitText(section(dashboard, "Facts"), task);

      api.move(
          run,
          Map.of(
              "status",
              "EXECUTING",
              "operations",
              List.of(Map.of("type", "set", "key", "step", "value", "packing"))));
      dashboard.awaitText(status(dashboard), "Executing");
      dashboard.awaitText(section(dashboard, "Metadata"), "packing");
      dashboard.awaitText(section(dashboard, "Timeline"), "Executing");

      api.move(run, Map.of("status", "COMPLETED", "output", Map.of("parcels", 5)));
      dashboard.awaitText(status(dashboard), "Completed");
      dashboard.awaitText(section(dashboard, "Output"), "\"parcels\": 5");
      assertThat(dashboard.button("Cancel").count()).as("of what is over").isZero();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void whatATaskTracesIsSeenAsItComes() {
    String run = api.trigger(task, Map.of());
    try (Dashboard dashboard = open(run)) {
      dashboard.awaitLive();
      assertThat(section(dashboard, "Trace").count()).isZero();

      trace(run, "Traces", "Spans", "spans", span(run, "a", "", "Attempt 1"));
      trace(run, "Logs", "Logs", "logRecords", log(run, "a", "packing parcel 5"));
      Locator trace = section(dashboard, "Trace");
      dashboard.awaitText(trace, "Attempt 1");
      dashboard.awaitText(trace, "packing parcel 5");

      trace.getByText("packing parcel 5").click();
      dashboard.awaitText(trace, "\"shelf\": \"B\"");
    }
  }

  private void trace(String run, String signal, String kind, String records, Map<?, ?> record) {
    Answer answer =
        api.post(
            "/otel/v1/" + signal.toLowerCase(Locale.ROOT),
            Map.of(
                "resource" + kind,
                List.of(Map.of("scope" + kind, List.of(Map.of(records, List.of(record)))))));
    assertThat(answer.status()).as(run).isEqualTo(200);
  }

  private static Map<String, Object> span(String run, String id, String parent, String name) {
    return Map.of(
        "spanId", id,
        "parentSpanId", parent,
        "name", name,
        "startTimeUnixNano", System.currentTimeMillis() + "000000",
        "attributes", List.of(attribute("ctx.run.id", run)));
  }

  private static Map<String, Object> log(String run, String span, String text) {
    return Map.of(
        "spanId",
        span,
        "severityText",
        "INFO",
        "body",
        Map.of("stringValue", text),
        "timeUnixNano",
        System.currentTimeMillis() + "000000",
        "attributes",
        List.of(attribute("ctx.run.id", run), attribute("shelf", "B")));
  }

  private static Map<String, Object> attribute(String key, String value) {
    return Map.of("key", key, "value", Map.of("stringValue", value));
  }

  @Test
  void anErrorIsShownWithItsStackAndCauses() {
    String run = api.trigger(task, Map.of());
    try (Dashboard dashboard = open(run)) {
      dashboard.awaitLive();
      api.move(run, Map.of("status", "EXECUTING"));
      Map<String, Object> error =
          Map.of(
              "type", "BUILT_IN_ERROR",
              "name", "TypeError",
              "message", "no such parcel",
              "stackTrace", "at pack (parcel.ts:7)",
              "causes", List.of(Map.of("message", "the shelf is empty")));
      api.move(run, Map.of("status", "FAILED", "error", error));

      dashboard.awaitText(section(dashboard, "Error"), "TypeError: no such parcel");
      dashboard.awaitText(section(dashboard, "Error"), "parcel.ts:7");
      dashboard.awaitText(section(dashboard, "Error"), "the shelf is empty");
    }
  }

  @Test
  void childrenComeAndMove() {
    String run = api.trigger(task, Map.of());
    try (Dashboard dashboard = open(run)) {
      dashboard.awaitLive();
      String child = api.trigger(task + "-child", Map.of("parentRunId", run));
      Locator related = section(dashboard, "Related runs");
      dashboard.awaitText(related, "Queued");
      api.move(child, Map.of("status", "EXECUTING"));
      dashboard.awaitText(related, "Executing");

      related.getByRole(AriaRole.LINK).click();
      dashboard.page().waitForURL("**/runs/" + child);
      dashboard.awaitText(section(dashboard, "Related runs"), "Parent");
    }
  }

  @Test
  void streamsFlowAsTheyAreWritten() {
    String run = api.trigger(task, Map.of());
    try (Dashboard dashboard = open(run)) {
      dashboard.awaitLive();
      api.move(run, Map.of("status", "EXECUTING"));
      String written = "/realtime/v1/streams/" + run + "/self/";
      Map<String, String> text = Map.of();
      api.send("POST", written + "answer", "\"In short, \"\n", text).expect(200);
      dashboard.awaitText(section(dashboard, "Stream answer"), "In short,");
      api.send("POST", written + "answer", "\"it depends.\"\n", text).expect(200);
      dashboard.awaitText(section(dashboard, "Stream answer"), "In short, it depends.");

      api.send("POST", written + "steps", "{\"step\":1}\n{\"step\":2}\n", text).expect(200);
      dashboard.awaitText(section(dashboard, "Stream steps"), "{\"step\":2}");

      api.move(run, Map.of("status", "COMPLETED"));
      dashboard.awaitText(section(dashboard, "Stream answer"), "2 parts, over");
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void aRunWithMoreStreamsThanABrowserHasConnectionsShowsThemAllAndIsCanceled() {
    String run = api.trigger(task, Map.of());
    api.move(run, Map.of("status", "EXECUTING"));
    for (int i = 0; i < 8; i++) {
      String written = "/realtime/v1/streams/" + run + "/self/stream-" + i;
      api.send("POST", written, "\"said " + i + "\"\n", Map.of()).expect(200);
    }
    try (Dashboard dashboard = open(run)) {
      for (int i = 0; i < 8; i++) {
        dashboard.awaitText(section(dashboard, "Stream stream-" + i), "said " + i);
      }
      dashboard.button("Cancel").click();
      dashboard.button("Cancel the run").click();
      dashboard.awaitText(status(dashboard), "Canceled");
      dashboard.awaitText(section(dashboard, "Stream stream-7"), "1 part, over");
    }
  }

  @Test
  void aRunIsCanceled() {
    String run = api.trigger(task, Map.of());
    try (Dashboard dashboard = open(run)) {
      dashboard.button("Cancel").click();
      dashboard.button("Cancel the run").click();
      dashboard.awaitText(status(dashboard), "Canceled");
    }
  }

  @Test
  void aDelayedRunIsRescheduled() {
    String run = api.trigger(task, Map.of("delay", "1h"));
    try (Dashboard dashboard = open(run)) {
      dashboard.awaitLive();
      dashboard.button("Reschedule").click();
      Locator field =
          dashboard
              .page()
              .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("From now on"));
      field.fill("whenever");
      Locator dialog = dashboard.page().getByRole(AriaRole.DIALOG);
      dialog.getByRole(AriaRole.BUTTON).filter(named("Reschedule")).click();
      dialog.getByText("delay").first().waitFor();
      field.fill("3s");
      dialog.getByRole(AriaRole.BUTTON).filter(named("Reschedule")).click();

      dashboard.awaitText(status(dashboard), "Queued");
    }
  }

  private static Locator.FilterOptions named(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  @Test
  void aRunIsReplayedWithAnotherPayload() {
    String run = api.trigger(task, Map.of());
    try (Dashboard dashboard = open(run)) {
      dashboard.button("Replay").click();
      Locator editor =
          dashboard
              .page()
              .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Payload"));
      dashboard.awaitText(editor, "\"from\": \"test\"");
      editor.fill("{\"broken\":");
      dashboard.text("This is no JSON").waitFor();
      editor.fill("{\"other\": 1}");
      dashboard.button("Replay with this payload").click();

      dashboard.page().waitForURL(url -> url.contains("/runs/run_") && !url.endsWith(run));
      dashboard.awaitText(section(dashboard, "Payload"), "\"other\": 1");
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void aTokenForJustThisRunIsIssued() {
    String run = api.trigger(task, Map.of());
    String other = api.trigger(task, Map.of());
    try (Dashboard dashboard = open(run)) {
      dashboard.button("Issue a token").click();
      String snippet = section(dashboard, "How to watch with curl").innerText();

      Matcher token = Pattern.compile("Bearer ([^']+)'").matcher(snippet);
      assertThat(token.find()).as(snippet).isTrue();
      Api bearer = Shared.node().api(token.group(1));
      assertThat(bearer.get("/api/v3/runs/" + run).status()).isEqualTo(200);
      assertThat(bearer.get("/api/v3/runs/" + other).status()).isEqualTo(403);
      assertThat(bearer.post("/api/v2/runs/" + run + "/cancel", Map.of()).status()).isEqualTo(403);
    }
  }

  @Test
  void whatIsNotThereIsSaid() {
    try (Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/runs/run_nobodys")) {
      dashboard.text("There is no such run").waitFor();
      dashboard.go("/nowhere");
      dashboard.text("There is no such page").waitFor();
    }
  }
}
