package dev.runcast.it.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.runcast.it.harness.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A headless Chromium with one page, and what that page complained of. */
public final class Chromium implements AutoCloseable {
  private static final List<String> ARGUMENTS =
      List.of(
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage");

  private final Playwright playwright;
  private final Page page;
  private final List<String> errors = new ArrayList<>();

  private Chromium(Playwright playwright, Page page) {
    this.playwright = playwright;
    this.page = page;
    page.onPageError(errors::add);
  }

  /** Starts it. */
  public static Chromium start() {
    String browser = System.getenv("RUNCAST_CHROMIUM");
    if (browser == null) {
      throw new AssertionError(
          "RUNCAST_CHROMIUM names no browser: run ./runcast test, which finds one, or set it to the"
              + " path of a Chromium.");
    }
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
    try {
      Browser started =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(Path.of(browser))
                      .setHeadless(true)
                      .setChromiumSandbox(!System.getProperty("user.name").equals("root"))
                      .setTimeout((double) Await.BOUND.toMillis())
                      .setArgs(ARGUMENTS));
      BrowserContext context = started.newContext();
      context.setDefaultTimeout((double) Await.BOUND.toMillis());
      return new Chromium(playwright, context.newPage());
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  public Page page() {
    return page;
  }

  /** Waits until a condition in the page's own words holds. */
  public void await(String script) {
    try {
      page.waitForFunction(script);
    } catch (RuntimeException e) {
      throw new AssertionError(
          "still waiting for: " + script + "\n" + page.content() + "\n" + errors, e);
    }
  }

  /** Exceptions that the page did not catch. */
  public List<String> errors() {
    return List.copyOf(errors);
  }

  @Override
  public void close() {
    playwright.close();
  }
}
