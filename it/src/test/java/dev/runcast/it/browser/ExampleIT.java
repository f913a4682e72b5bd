package dev.runcast.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * The example application as it is built: its server reads the run and renders it, the page goes on
 * from the very cursor, and misses nothing however often its connections break.
 */
class ExampleIT {
  private static final int CUTS = 5;

  @Test
  void aPageGoesOnFromWhatTheServerHasRendered() throws Exception {
    Node node = Shared.node();
    Api api = Shared.api();
    try (Relay relay = Relay.to(node.port());
        ExampleServer server = ExampleServer.start(relay.url(), node.secretKey());
        Chromium chromium = Chromium.start()) {
      Page page = chromium.page();
      List<String> commands = new CopyOnWriteArrayList<>();
      page.onWebSocket(socket -> socket.onFrameSent(frame -> commands.add(frame.text())));
      page.navigate(server.url());
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Order")).click();
      page.waitForURL("**/orders/run_*");
      String run = page.url().substring(page.url().lastIndexOf('/') + 1);

      String rendered = page.context().request().get(page.url()).text();
      assertThat(rendered)
          .contains("<p role=\"status\">QUEUED</p>")
          .doesNotContain(node.secretKey());
      chromium.await(shows("QUEUED"));
      chromium.await("document.querySelector('main').textContent.includes('live')");
      assertThat(commands)
          .as("goes on from what was rendered")
          .anyMatch(command -> command.contains("\"subscribe\"") && command.contains("\"after\""));

      api.move(run, Map.of("status", "EXECUTING"));
      chromium.await(shows("EXECUTING"));
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < CUTS; i++) {
        lines.add("before cut " + i);
        say(api, run, lines.get(lines.size() - 1));
        chromium.await(logEndsWith(lines));
        relay.cut();
        lines.add("during cut " + i);
        say(api, run, lines.get(lines.size() - 1));
      }
      chromium.await(logEndsWith(lines));
      relay.cut();
      api.move(run, Map.of("status", "COMPLETED", "output", Map.of("cups", 2)));
      chromium.await(shows("COMPLETED"));

      assertThat(page.locator("section pre").innerText()).isEqualTo(String.join("\n", lines));
      assertThat(page.locator("main pre").innerText()).contains("\"cups\": 2");
      assertThat(chromium.errors()).as(server.said()).isEmpty();
    }
  }

  private static void say(Api api, String run, String line) {
    api.send("POST", "/realtime/v1/streams/" + run + "/self/log/append", line, Map.of())
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
