package dev.runcast.it.bench.web;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocket;
import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import dev.runcast.it.browser.Chromium;
import dev.runcast.it.browser.OtherOrigin;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Installation;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A page with fifty hooks that each follow a run: how many connections it takes. */
public final class ManyHooks implements Section {
  private static final int HOOKS = 50;

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    Api api = new Api("http://127.0.0.1:" + service.port(), Tenant.SERVICE_KEY);
    String token =
        api.post("/api/v1/auth/public-tokens", Map.of("scopes", List.of("read:runs")))
            .expect(200)
            .json()
            .get("token")
            .asText();
    List<WebSocket> sockets = new ArrayList<>();
    List<String> feeds = new ArrayList<>();
    try (OtherOrigin origin =
            OtherOrigin.serving(Installation.root().resolve("it/clients/dist-runcast"));
        Chromium chromium = Chromium.start()) {
      Page page = chromium.page();
      page.onWebSocket(sockets::add);
      page.onRequest(
          request -> {
            if (request.url().contains("/realtime/v1/")) {
              feeds.add(request.url());
            }
          });
      page.navigate(origin.url() + "?generation=4.8.3");
      chromium.await("window.loaded === true");
      List<String> runs = new ArrayList<>();
      for (int i = 0; i < HOOKS; i++) {
        String run = api.trigger("bench-hook", Map.of());
        runs.add(run);
        Map<String, Object> what =
            Map.of(
                "hook",
                "useRealtimeRun",
                "args",
                List.of(run),
                "auth",
                Map.of("baseURL", api.base(), "accessToken", token),
                "strict",
                false);
        page.evaluate("([name, what]) => mount(name, what)", List.of("h" + i, what));
      }
      chromium.await(all("'QUEUED'"));
      runs.forEach(run -> api.move(run, Map.of("status", "EXECUTING")));
      chromium.await(all("'EXECUTING'"));
    }
    double connections = (double) sockets.size() + feeds.size();
    report.add(
        new Figure(
            "a page with 50 useRealtimeRun hooks, connections for live data",
            "",
            connections,
            new Figure.Baseline(
                "a poll for each, as the official hooks do", HOOKS, connections / HOOKS),
            Figure.Target.atMost("<= 1", connections, 1),
            Cost.NONE,
            "Counted by the browser, from the first hook until all have shown a change.",
            new JsonObject().put("sockets", sockets.size()).put("requests", feeds.size())));
  }

  private static String all(String status) {
    return "Object.values(probes).filter((probe) => probe.now?.run?.status === "
        + status
        + ").length === "
        + HOOKS;
  }
}
