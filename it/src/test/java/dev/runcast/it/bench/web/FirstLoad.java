package dev.runcast.it.bench.web;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Section;
import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.report.Cost;
import dev.runcast.it.bench.report.Figure;
import dev.runcast.it.bench.report.Report;
import java.util.concurrent.atomic.AtomicLong;

/** What a browser that was never here loads before it shows the list of runs, over the wire. */
public final class FirstLoad implements Section {
  private static final double AIM_KB = 250;

  @Override
  public void run(Ground ground, Report report) {
    Service service = ground.service();
    AtomicLong bytes = new AtomicLong();
    AtomicLong files = new AtomicLong();
    try (Signed dashboard = Signed.in(service, Tenant.SERVICE_KEY, "/runs")) {
      CDPSession network = dashboard.page().context().newCDPSession(dashboard.page());
      network.send("Network.enable");
      JsonObject off = new JsonObject();
      off.addProperty("cacheDisabled", true);
      network.send("Network.setCacheDisabled", off);
      network.on(
          "Network.loadingFinished",
          told -> {
            bytes.addAndGet(told.get("encodedDataLength").getAsLong());
            files.incrementAndGet();
          });
      dashboard.page().reload();
      dashboard.page().locator("[data-connection='live']").first().waitFor();
    }
    double kilobytes = bytes.get() / 1000.0;
    report.add(
        new Figure(
            "first load of the dashboard until its list is live, over the wire",
            "kB",
            kilobytes,
            null,
            Figure.Target.atMost("<= 250 kB", kilobytes, AIM_KB),
            Cost.NONE,
            "With the answers of the API and all heads; the build holds the files alone to 250 kB.",
            new io.vertx.core.json.JsonObject().put("answers", files.get())));
  }
}
