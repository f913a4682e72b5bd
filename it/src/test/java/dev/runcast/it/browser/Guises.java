package dev.runcast.it.browser;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.SoftAssertions;

/** A page by day and by night, on a desk and on a telephone: it keeps nobody out, and fits. */
final class Guises {
  private static final int DESK = 1280;
  private static final int TELEPHONE = 380;
  private static final int HEIGHT = 780;

  private Guises() {}

  /** Looks at the page as it is in each of them. */
  static void hold(Dashboard dashboard, String what, SoftAssertions softly) {
    Page page = dashboard.page();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      String guise = scheme.name().toLowerCase(Locale.ROOT);
      for (int width : List.of(DESK, TELEPHONE)) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.setViewportSize(width, HEIGHT);
        dashboard.await("document.documentElement.dataset.mantineColorScheme === '" + guise + "'");
        softly
            .assertThat(dashboard.barriers())
            .as("%s, %s, %d wide", what, scheme, width)
            .isEmpty();
        softly
            .assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
            .as("%s fits into %d", what, width)
            .isEqualTo(true);
      }
    }
    page.setViewportSize(DESK, HEIGHT);
  }
}
