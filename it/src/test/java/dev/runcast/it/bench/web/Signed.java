package dev.runcast.it.bench.web;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.bench.Service;
import dev.runcast.it.browser.Chromium;

/** The dashboard of the benchmark's service, signed in. */
final class Signed implements AutoCloseable {
  /** Notes every task that held the page up for more than 50 ms: browsers tell of no shorter. */
  private static final String NOTE_LONG_TASKS =
      "window.longTasks = [];"
          + " new PerformanceObserver((list) => list.getEntries().forEach((entry) =>"
          + " window.longTasks.push(entry.duration))).observe({type: 'longtask'});";

  private final Chromium chromium;

  private Signed(Chromium chromium) {
    this.chromium = chromium;
  }

  /** Opens a path and waits until it is live. */
  static Signed in(Service service, String key, String path) {
    Chromium chromium = Chromium.start();
    Page page = chromium.page();
    page.addInitScript(NOTE_LONG_TASKS);
    page.navigate("http://127.0.0.1:" + service.port() + path);
    page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Secret key")).fill(key);
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
    page.locator("[data-connection='live']").first().waitFor();
    return new Signed(chromium);
  }

  Page page() {
    return chromium.page();
  }

  /** Counts long tasks from now on. */
  void forgetLongTasks() {
    page().evaluate("window.longTasks.length = 0");
  }

  /** How long the longest task was, in milliseconds; 0 where none was longer than 50. */
  double longestTask() {
    return number("Math.max(0, ...window.longTasks)");
  }

  int longTasks() {
    return (int) number("window.longTasks.length");
  }

  private double number(String script) {
    return ((Number) page().evaluate(script)).doubleValue();
  }

  @Override
  public void close() {
    chromium.close();
  }
}
