package dev.runcast.it.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ScreenshotAnimations;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.SseProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes the pictures of the dashboard that the documentation shows, by day and by night, on a desk
 * and on a telephone, from a demo that it starts. {@code ./runcast screenshots} runs it.
 */
public final class Screenshots {
  private static final int DESK = 1280;
  private static final int TELEPHONE = 380;
  private static final int HEIGHT = 800;

  /** What the page shows beside text is there, too. */
  private static final String DRAWN =
      "[...document.images].every((image) => image.complete && image.naturalWidth > 0)";

  /** So many runs that the list is full. */
  private static final int ENOUGH = 40;

  private final Path directory;
  private final Dashboard dashboard;

  private Screenshots(Path directory, Dashboard dashboard) {
    this.directory = directory;
    this.dashboard = dashboard;
  }

  /** The argument is where they go. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Files.createDirectories(directory);
    Path data = Files.createTempDirectory("runcast-screenshots");
    try (Node node = Node.start(NodeSpec.up(data.resolve("data")).with("--demo"));
        Dashboard dashboard = Dashboard.open(node, "/")) {
      Screenshots pictures = new Screenshots(directory, dashboard);
      dashboard.keyField().waitFor();
      pictures.take("sign-in", DESK);
      Await.until("the demo to have done something", () -> runs(node, "").size() == ENOUGH);
      dashboard.signIn(node.secretKey());
      dashboard.page().locator("[data-run]").first().waitFor();
      dashboard.awaitLive();
      pictures.take("runs", DESK, TELEPHONE);
      dashboard.go("/runs/" + finished(node, "demo-order"));
      dashboard.text("parcels").first().waitFor();
      pictures.take("run", DESK, TELEPHONE);
      dashboard.go("/runs/" + finished(node, "demo-ai-answer"));
      dashboard.text("parts, over").waitFor();
      pictures.take("stream", DESK, TELEPHONE);
      dashboard.go("/batches/" + batch(node));
      dashboard.page().locator("[data-run]").first().waitFor();
      dashboard.awaitLive();
      pictures.take("batch", DESK, TELEPHONE);
      dashboard.go("/test?task=demo-order");
      dashboard.button("Take that of its last run").click();
      dashboard.text("\"order\"").waitFor();
      pictures.take("test", DESK, TELEPHONE);
      dashboard.go("/tokens");
      dashboard.button("Issue the token").click();
      dashboard.button("Look into it").click();
      dashboard.button("Revoke this token").waitFor();
      pictures.take("tokens", DESK, TELEPHONE);
      followed(node, pictures);
    }
    try (EngineScene scene = new EngineScene()) {
      String waits = scene.set();
      try (Dashboard dashboard = Dashboard.signedIn(scene.node(), "/tasks")) {
        executed(new Screenshots(directory, dashboard), waits);
      }
    }
    System.out.println("The pictures are in " + directory);
    System.exit(0);
  }

  /** What there is to see where tasks are executed. */
  private static void executed(Screenshots pictures, String waits) {
    Dashboard dashboard = pictures.dashboard;
    dashboard.page().locator("[data-task='sync-orders']").waitFor();
    dashboard.awaitLive();
    pictures.take("tasks", DESK, TELEPHONE);
    dashboard.go("/tasks/resize-image");
    dashboard.page().locator("[data-run]").first().waitFor();
    dashboard.awaitLive();
    pictures.take("task", DESK, TELEPHONE);
    dashboard.go("/schedules");
    dashboard.button("Times and runs of send-newsletter, 0 8 * * 2,4").click();
    dashboard.page().getByLabel("The next times").waitFor();
    pictures.take("schedules", DESK, TELEPHONE);
    dashboard.go("/queues");
    dashboard.button("Keys of calls").click();
    dashboard.text("customer-3").waitFor();
    pictures.take("queues", DESK, TELEPHONE);
    dashboard.go("/waitpoints");
    dashboard.page().locator("[data-waitpoint]").first().waitFor();
    dashboard.awaitLive();
    pictures.take("waitpoints", DESK, TELEPHONE);
    dashboard.go("/runs/" + waits);
    dashboard.text("Attempt 2").waitFor();
    dashboard.text("Waiting: token").waitFor();
    pictures.take("waits", DESK, TELEPHONE);
  }

  private static JsonNode runs(Node node, String more) {
    return node.api().get("/api/v1/runs?page%5Bsize%5D=" + ENOUGH + more).json().get("data");
  }

  private static String finished(Node node, String task) {
    String filter = "&filter%5Bstatus%5D=COMPLETED&filter%5BtaskIdentifier%5D=" + task;
    Await.until("a finished " + task, () -> !runs(node, filter).isEmpty());
    return runs(node, filter).get(0).get("id").asText();
  }

  /** Some who follow, and long enough for there to be something to plot. */
  private static void followed(Node node, Screenshots pictures) {
    List<SseProbe> followers = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String feed = i < 12 ? "?tags=demo" : "?tags=user:" + i % 5;
      followers.add(node.follow("/realtime/v1/runs" + feed));
    }
    Dashboard dashboard = pictures.dashboard;
    dashboard.go("/inside");
    dashboard.page().locator("[data-connection='live']").waitFor();
    Instant enough = Instant.now().plusSeconds(70);
    Await.until("a minute to be plotted", () -> Instant.now().isAfter(enough));
    pictures.take("realtime", DESK, TELEPHONE);
    followers.forEach(SseProbe::close);
  }

  /** A batch that is under way: most of it is done, some of it has failed. */
  private static String batch(Node node) {
    Api api = node.api();
    String batch =
        api.post("/api/v3/batches", Map.of("runCount", 80)).expect(202).json().get("id").asText();
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      Map<String, Object> options = Map.of("parentBatch", batch, "tags", List.of("newsletter"));
      runs.add(api.trigger("send-newsletter", Map.of("to", "reader-" + i), options));
    }
    for (String run : runs.subList(0, 56)) {
      api.move(run, Map.of("status", "EXECUTING"));
    }
    for (int i = 0; i < 50; i++) {
      Object error = Map.of("name", "BouncedError", "message", "550: no such mailbox");
      api.move(
          runs.get(i),
          i % 8 == 3 ? Map.of("status", "FAILED", "error", error) : Map.of("status", "COMPLETED"));
    }
    return batch;
  }

  private void take(String name, int... widths) {
    Page page = dashboard.page();
    // Nothing is pointed at.
    page.mouse().move(0, 0);
    for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
      String guise = scheme.name().toLowerCase(Locale.ROOT);
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      dashboard.await("document.documentElement.dataset.mantineColorScheme === '" + guise + "'");
      for (int width : widths) {
        page.setViewportSize(width, HEIGHT);
        dashboard.await(DRAWN);
        String where = width == DESK ? "" : "-phone";
        page.screenshot(
            new Page.ScreenshotOptions()
                .setPath(directory.resolve(name + where + "-" + guise + ".png"))
                .setAnimations(ScreenshotAnimations.DISABLED));
      }
    }
    page.setViewportSize(DESK, HEIGHT);
  }
}
