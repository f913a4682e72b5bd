package dev.runcast.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * The example applications as they are built: the server reads the run and renders it, the page
 * goes on from the very cursor, and misses nothing however often its connections break.
 */
class ExampleIT {
  private static final int CUTS = 5;

  @Test
  void aPageGoesOnFromWhatItsServerHasRenderedAndMissesNoLine() throws Exception {
    try (Relay relay = Relay.to(Shared.node().port());
        ExampleServer server = ExampleServer.ofOrders(relay.url(), Shared.node().secretKey());
        Chromium chromium = Chromium.start()) {
      Page page = chromium.page();
      page.navigate(server.url());
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Order")).click();
      page.waitForURL("**/orders/run_*");
      String run = page.url().substring(page.url().lastIndexOf('/') + 1);

      List<String> commands = opened(run, server, chromium);
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < CUTS; i++) {
        say(run, lines, "before cut " + i);
        chromium.await(logEndsWith(lines));
        relay.cut();
        say(run, lines, "during cut " + i);
      }
      chromium.await(logEndsWith(lines));
      relay.cut();
      isDone(run, chromium);

      assertThat(page.locator("section pre").innerText()).isEqualTo(String.join("\n", lines));
      assertThat(commands).filteredOn(ExampleIT::resumes).hasSizeGreaterThanOrEqualTo(CUTS);
      assertThat(chromium.errors()).as(server.said()).isEmpty();
    }
  }

  @Test
  void aPageOfTheAppRouterGoesOnFromTheVeryCursor() throws Exception {
    String run = Shared.api().trigger("process-order", Map.of());
    try (Relay relay = Relay.to(Shared.node().port());
        ExampleServer server = ExampleServer.ofNext(relay.url(), Shared.node().secretKey());
        Chromium chromium = Chromium.start()) {
      List<String> commands = opened(run, server, chromium);
      for (int i = 1; i <= CUTS; i++) {
        relay.cut();
        Map<String, Object> set = Map.of("type", "set", "key", "progress", "value", i / 10.0);
        Shared.api().move(run, Map.of("operations", List.of(set)));
        chromium.await("document.querySelector('progress')?.value === " + i / 10.0);
      }
      relay.cut();
      isDone(run, chromium);

      assertThat(commands)
          .filteredOn(command -> command.contains("\"subscribe\""))
          .as("it never asks for what was rendered")
          .allMatch(ExampleIT::resumes);
      assertThat(chromium.errors()).as(server.said()).isEmpty();
    }
  }

  /** What the page says to the service, once it is live. */
  private static List<String> opened(String run, ExampleServer server, Chromium chromium) {
    Page page = chromium.page();
    List<String> commands = new CopyOnWriteArrayList<>();
    page.onWebSocket(socket -> socket.onFrameSent(frame -> commands.add(frame.text())));
    page.navigate(server.url() + "/orders/" + run);
    chromium.await(shows("QUEUED"));
    chromium.await("document.querySelector('main').textContent.includes('live')");

    assertThat(page.context().request().get(page.url()).text())
        .as("what the server renders")
        .contains("<p role=\"status\">QUEUED</p>")
        .doesNotContain(Shared.node().secretKey());
    Shared.api().move(run, Map.of("status", "EXECUTING"));
    chromium.await(shows("EXECUTING"));
    return commands;
  }

  private static void isDone(String run, Chromium chromium) {
    Shared.api().move(run, Map.of("status", "COMPLETED", "output", Map.of("cups", 2)));
    chromium.await(shows("COMPLETED"));
    assertThat(chromium.page().locator("main pre").innerText()).contains("\"cups\": 2");
  }

  private static boolean resumes(String command) {
    return command.contains("\"subscribe\"") && command.contains("\"after\"");
  }

  private static void say(String run, List<String> lines, String line) {
    lines.add(line);
    Shared.api()
        .send("POST", "/realtime/v1/streams/" + run + "/self/log/append", line, Map.of())
        .expect(200);
  }

  private static String shows(String status) {
    return "document.querySelector('[role=status]').textContent === '" + status + "'";
  }

  private static String logEndsWith(List<String> lines) {
    return "document.querySelector('section pre').textContent.endsWith('"
        + lines.get(lines.size() - 1)
        + "')";
  }
}
