package dev.runcast.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Who comes to the dashboard signs in with the secret key, which then is nowhere in the browser.
 */
class SignInIT {

  @Test
  void theKeyOpensThePageThatOneCameForAndIsKeptNowhere() {
    Node node = Shared.node();
    try (Dashboard dashboard = Dashboard.open(node, "/runs?task=nobodys-task")) {
      dashboard.signIn("  " + node.secretKey() + " ");
      dashboard.text("No run matches").waitFor();

      assertThat(dashboard.page().url()).endsWith("/runs?task=nobodys-task");
      assertThat(dashboard.placesOf(node.secretKey())).isEmpty();
      Cookie cookie = dashboard.context().cookies().get(0);
      assertThat(cookie.httpOnly).isTrue();
      assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
      assertThat(dashboard.placesOf(cookie.value)).as("what opens the session").isEmpty();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void whoIsSignedInStaysSoUntilHeSignsOut() {
    try (Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/runs?task=nobodys-task")) {
      dashboard.page().reload();
      dashboard.text("No run matches").waitFor();
      List<Cookie> before = dashboard.context().cookies();

      dashboard.button("Session").click();
      dashboard
          .page()
          .getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Sign out"))
          .click();
      dashboard.keyField().waitFor();

      assertThat(dashboard.context().cookies()).isEmpty();
      dashboard.context().addCookies(before);
      dashboard.page().reload();
      dashboard.keyField().waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void aSessionThatIsOverLeadsBackToTheWayIn() {
    try (Dashboard dashboard = Dashboard.signedIn(Shared.node(), "/runs?task=nobodys-task")) {
      dashboard.text("No run matches").waitFor();

      dashboard.context().clearCookies();
      dashboard.button("Clear").click();
      dashboard.keyField().waitFor();

      dashboard.signIn(Shared.node().secretKey());
      dashboard.button("Session").waitFor();
      assertThat(dashboard.page().url()).endsWith("/runs");
    }
  }

  @Test
  void theFormSaysWhatIsWrong() {
    try (Node node = Node.start(NodeSpec.serve(Shared.postgres().database()));
        Dashboard dashboard = Dashboard.open(node, "/")) {
      refused(dashboard, "", "Paste the secret key");
      refused(dashboard, "no key", "secretKey must be a secret key");
      for (int i = 0; i < 10; i++) {
        refused(dashboard, "tr_dev_" + "x".repeat(30) + i, "not one that is in force");
      }
      refused(dashboard, node.secretKey(), "Signing in failed too often");
      assertThat(dashboard.placesOf(node.secretKey()))
          .as("but in the field where it was typed")
          .hasSize(1);
      assertThat(dashboard.context().cookies()).isEmpty();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  private static void refused(Dashboard dashboard, String key, String sentence) {
    dashboard.signIn(key);
    Locator told = dashboard.text(sentence);
    told.waitFor();
    // So that the next one is not taken for it.
    dashboard.page().evaluate("document.activeElement.blur()");
    dashboard.await("!document.querySelector('[data-loading=true]')");
  }
}
