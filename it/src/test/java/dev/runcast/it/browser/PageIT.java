package dev.runcast.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import dev.runcast.it.harness.Shared;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page at {@code /} says that the service is up and how to watch. */
class PageIT {

  @Test
  void saysThatTheServiceIsUpAndHowToWatch() {
    String url = Shared.node().url();
    try (Chromium chromium = Chromium.start()) {
      Page page = chromium.page();
      Response response = page.navigate(url + "/");

      assertThat(response.status()).isEqualTo(200);
      assertThat(page.locator("h1").innerText()).isEqualTo("Runcast is up");
      Locator watch = page.locator("pre", new Page.LocatorOptions().setHasText("curl -N")).first();
      assertThat(watch.innerText())
          .contains("'" + url + "/realtime/v1/runs'")
          .contains("text/event-stream");
      assertThat(watch.isVisible()).isTrue();
      assertThat(page.content())
          .as("a page for everybody")
          .doesNotContain(Shared.node().secretKey());
      assertThat(chromium.errors()).isEmpty();
      page.screenshot(new Page.ScreenshotOptions().setPath(screenshot()).setFullPage(true));
    }
  }

  @Test
  void isReadableByDayAndByNight() {
    try (Chromium chromium = Chromium.start()) {
      Page page = chromium.page();
      page.navigate(Shared.node().url() + "/");
      page.locator(".code").first().waitFor();

      String day = coloursIn(page, ColorScheme.LIGHT);
      String night = coloursIn(page, ColorScheme.DARK);

      assertThat(day).contains("rgb(255, 255, 255)").doesNotContain("rgba(0, 0, 0, 0)");
      assertThat(night).doesNotContain("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)");
    }
  }

  /** The grounds of the page and of a line to paste. */
  private static String coloursIn(Page page, ColorScheme scheme) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    return page.evaluate(
            "[':root', '.code'].map((part) =>"
                + " getComputedStyle(document.querySelector(part)).backgroundColor).join(' on ')")
        .toString();
  }

  /** Beside the reports, for whoever wants to look at it. */
  private static Path screenshot() {
    Path directory = Path.of("target/screenshots");
    directory.toFile().mkdirs();
    assertThat(Files.isDirectory(directory)).isTrue();
    return directory.resolve("page.png");
  }
}
