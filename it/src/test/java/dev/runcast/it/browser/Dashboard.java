package dev.runcast.it.browser;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Installation;
import dev.runcast.it.harness.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The dashboard of a node in a browser, as somebody uses it. */
final class Dashboard implements AutoCloseable {
  private final Chromium chromium;
  private final Node node;
  private final List<String> blocked = new ArrayList<>();

  private Dashboard(Node node) {
    this.node = node;
    this.chromium = Chromium.start();
    page().onConsoleMessage(this::note);
  }

  /** A browser that nobody has signed in with, at this path. */
  static Dashboard open(Node node, String path) {
    Dashboard dashboard = new Dashboard(node);
    dashboard.go(path);
    return dashboard;
  }

  /** The same, signed in with the node's key. */
  static Dashboard signedIn(Node node, String path) {
    Dashboard dashboard = open(node, path);
    dashboard.signIn(node.secretKey());
    dashboard.button("Session").waitFor();
    return dashboard;
  }

  /** Types a key and sends it. */
  void signIn(String key) {
    keyField().fill(key);
    button("Sign in").click();
  }

  Locator keyField() {
    return page().getByRole(AriaRole.TEXTBOX, named("Secret key"));
  }

  Page page() {
    return chromium.page();
  }

  BrowserContext context() {
    return page().context();
  }

  void go(String path) {
    page().navigate(node.url() + path);
  }

  /** Where a text is typed, whether or not one may choose from some. */
  Locator field(String label) {
    return page()
        .getByRole(AriaRole.TEXTBOX, named(label))
        .or(page().getByRole(AriaRole.COMBOBOX, named(label)));
  }

  Locator button(String name) {
    return page().getByRole(AriaRole.BUTTON, named(name));
  }

  Locator text(String text) {
    return page().getByText(text);
  }

  /** The row of a run in the list. */
  Locator row(String run) {
    return page().locator("[data-run='" + run + "']");
  }

  /**
   * Waits until a condition in the page's own words holds. It is asked for from outside: what would
   * look for it within the page is kept from evaluating anything there, by the page's policy.
   */
  void await(String script) {
    Await.until(
        script, () -> Boolean.TRUE.equals(page().evaluate("!!(" + script + ")")), page()::content);
  }

  /** Waits until something is shown that holds this text. */
  void awaitText(Locator where, String text) {
    where.filter(new Locator.FilterOptions().setHasText(text)).first().waitFor();
  }

  /** Waits until the page is live. */
  void awaitLive() {
    page().locator("[data-connection='live']").first().waitFor();
  }

  /** What axe has to say against the page as it is, a line for each fault. */
  List<String> barriers() {
    page().evaluate(axe());
    String found =
        page()
            .evaluate(
                "async () => JSON.stringify((await axe.run(document, {runOnly:"
                    + " ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})).violations)")
            .toString();
    List<String> faults = new ArrayList<>();
    for (JsonElement fault : JsonParser.parseString(found).getAsJsonArray()) {
      fault
          .getAsJsonObject()
          .getAsJsonArray("nodes")
          .forEach(
              place ->
                  faults.add(
                      fault.getAsJsonObject().get("id").getAsString()
                          + ": "
                          + place.getAsJsonObject().get("failureSummary").getAsString()
                          + " "
                          + place.getAsJsonObject().get("html").getAsString()));
    }
    return faults;
  }

  private static String axe() {
    Path file = Installation.root().resolve("node_modules/axe-core/axe.min.js");
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("axe-core is not installed: run npm ci", e);
    }
  }

  /** What scripts could find of a text in anything that outlives the page, or in its address. */
  List<String> placesOf(String text) {
    String kept =
        page()
            .evaluate(
                "async () => JSON.stringify([location.href, document.cookie, {...localStorage},"
                    + " {...sessionStorage}, (await indexedDB.databases()).map((db) => db.name),"
                    + " await caches.keys(), history.state, document.documentElement.outerHTML,"
                    + " [...document.querySelectorAll('input')].map((input) => input.value)])")
            .toString();
    return JsonParser.parseString(kept).getAsJsonArray().asList().stream()
        .map(JsonElement::toString)
        .filter(place -> place.contains(text))
        .toList();
  }

  /** Exceptions that the page did not catch, and what its policy kept it from. */
  List<String> errors() {
    List<String> all = new ArrayList<>(chromium.errors());
    all.addAll(blocked);
    return all;
  }

  private void note(ConsoleMessage message) {
    if (message.text().contains("Content Security Policy")) {
      blocked.add(message.text());
    }
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  @Override
  public void close() {
    chromium.close();
  }
}
