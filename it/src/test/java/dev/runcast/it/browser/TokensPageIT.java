package dev.runcast.it.browser;

import static dev.runcast.it.harness.NewRun.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.NodeSpec;
import dev.runcast.it.harness.Shared;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of tokens and keys issues them, looks into them, explains them and takes them back. */
class TokensPageIT {
  private final String tag = name("tag");

  private static Dashboard open(Node node) {
    Dashboard dashboard = Dashboard.signedIn(node, "/tokens");
    dashboard.button("Issue the token").waitFor();
    return dashboard;
  }

  private static Locator labelled(Dashboard dashboard, String label) {
    return dashboard.page().getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  /** Issues a token for the tag and looks into it. */
  private String issued(Dashboard dashboard) {
    labelled(dashboard, "What scope 1 is for").selectOption("read:tags");
    labelled(dashboard, "Which one scope 1 is for").fill(tag);
    dashboard.button("Issue the token").click();
    String token = labelled(dashboard, "The token").innerText().strip();
    dashboard.button("Look into it").click();
    dashboard.button("Revoke this token").waitFor();
    return token;
  }

  private static int reading(String token, String path) {
    return new Api(Shared.node().url(), token).get(path).status();
  }

  @Test
  void aTokenIsPutTogetherAndSaysWhatItIs() {
    try (Dashboard dashboard = open(Shared.node())) {
      String token = issued(dashboard);

      assertThat(token.split("\\.")).hasSize(3);
      dashboard
          .text("Runs with the tag " + tag)
          .or(dashboard.text("Read runs with the tag " + tag));
      assertThat(dashboard.page().getByText("Read runs with the tag " + tag).count())
          .as("where it is built and where it is read")
          .isEqualTo(2);
      dashboard.text("in 59 min").waitFor();
      String run = Shared.api().trigger("hello", Map.of("tags", List.of(tag)));
      assertThat(reading(token, "/api/v3/runs/" + run)).isEqualTo(200);
      assertThat(
              dashboard.placesOf(token).stream()
                  .filter(place -> !place.contains("<html"))
                  .filter(place -> !place.equals('"' + token + '"')))
          .as("but on the page itself")
          .isEmpty();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void itIsExplainedWhyATokenDoesNotSeeARun() {
    Api api = Shared.api();
    String mine = api.trigger("hello", Map.of("tags", List.of(tag)));
    String other = api.trigger("hello", Map.of());
    try (Dashboard dashboard = open(Shared.node())) {
      issued(dashboard);
      labelled(dashboard, "The run").fill(other);
      dashboard.button("Explain").click();
      dashboard.text("none that this token may read").waitFor();

      labelled(dashboard, "The run").fill(mine);
      dashboard.button("Explain").click();
      dashboard.text("The token may not follow this feed").waitFor();

      labelled(dashboard, "What the page follows").selectOption("tags");
      labelled(dashboard, "Which").fill(tag + ", vip");
      dashboard.button("Explain").click();
      dashboard.text("The run does not have the tag 'vip'.").waitFor();

      labelled(dashboard, "Which").fill(tag);
      dashboard.button("Explain").click();
      dashboard.text("It does see it").waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  @Test
  void whatIsNoTokenIsToldApart() {
    try (Dashboard dashboard = open(Shared.node())) {
      Locator paste =
          dashboard
              .page()
              .getByRole(
                  AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Token").setExact(true));
      paste.fill("tr_dev_abc");
      dashboard.text("This is a secret key").waitFor();
      paste.fill("abc");
      dashboard.text("A token has three parts").waitFor();
    }
  }

  @Test
  void aTokenIsTakenBack() {
    String run = Shared.api().trigger("hello", Map.of("tags", List.of(tag)));
    try (Dashboard dashboard = open(Shared.node())) {
      String token = issued(dashboard);
      assertThat(reading(token, "/api/v3/runs/" + run)).isEqualTo(200);

      dashboard.button("Revoke this token").click();
      dashboard.button("Take it back for good").click();
      dashboard.text("It is taken back").waitFor();

      assertThat(reading(token, "/api/v3/runs/" + run)).isEqualTo(401);
      labelled(dashboard, "The run").fill(run);
      dashboard.button("Explain").click();
      dashboard
          .page()
          .getByRole(AriaRole.ALERT)
          .filter(new Locator.FilterOptions().setHasText("revoked"))
          .waitFor();
    }
  }

  @Test
  void allTokensAreTakenBackAndThePageGoesOn() {
    try (Node node = Node.start(NodeSpec.serve(Shared.postgres().database()));
        Dashboard dashboard = open(node)) {
      String run = node.api().trigger("hello", Map.of());
      dashboard.page().getByRole(AriaRole.LINK, link("Runs")).click();
      dashboard.row(run).waitFor();
      dashboard.awaitLive();
      dashboard.page().getByRole(AriaRole.LINK, link("Tokens")).click();
      dashboard.button("Revoke all tokens of the environment").click();
      dashboard.button("Take them back for good").click();
      dashboard.text("are taken back").waitFor();

      dashboard.page().getByRole(AriaRole.LINK, link("Runs")).click();
      dashboard.awaitLive();
      node.api().move(run, Map.of("status", "EXECUTING"));
      dashboard.awaitText(dashboard.row(run), "Executing");
      assertThat(dashboard.errors()).isEmpty();
    }
  }

  private static Page.GetByRoleOptions link(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  @Test
  void theKeyIsRotatedShownOnRequestAndKeptNowhere() {
    try (Node node = Node.start(NodeSpec.serve(Shared.postgres().database()));
        Dashboard dashboard = open(node);
        Dashboard elsewhere = open(node)) {
      dashboard.button("Rotate the key").click();
      assertThat(dashboard.button("Make a new key").isDisabled()).isTrue();
      labelled(dashboard, "Type dev to go on").fill("dev");
      dashboard.button("Make a new key").click();
      dashboard.text("There is a new key").waitFor();
      assertThat(dashboard.page().content()).doesNotContain("tr_dev_");

      dashboard.button("Show it").click();
      String key = labelled(dashboard, "The new secret key").innerText().strip();
      assertThat(new Api(node.url(), key).get("/api/v1/queues").status()).isEqualTo(200);
      assertThat(node.api().get("/api/v1/queues").status()).as("for a while").isEqualTo(200);
      dashboard.button("Hide it").click();
      assertThat(dashboard.placesOf(key)).isEmpty();

      dashboard.page().reload();
      dashboard.button("Issue the token").waitFor();
      elsewhere.page().reload();
      elsewhere.keyField().waitFor();
      elsewhere.signIn(key);
      elsewhere.button("Issue the token").waitFor();
      assertThat(dashboard.errors()).isEmpty();
    }
  }
}
