package dev.runcast.it.browser;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocket;
import dev.runcast.it.harness.Installation;
import dev.runcast.it.harness.Node;
import dev.runcast.it.harness.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Somebody's application with the official hooks, unmodified and bundled, from an origin of its
 * own, in a browser that reaches the node through a relay; or the same application with our hooks
 * in their place. What a mounted hook returns is {@code probes.<name>.now} in the page's own words.
 */
final class HooksPage implements BeforeEachCallback, AfterAllCallback {
  private static final String TODAYS = "4.8.3";

  private final String built;
  private final String generation;
  private final Supplier<Node> node;
  private final List<String> preflights = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> aborted = new ArrayList<>();
  private final List<WebSocket> sockets = new ArrayList<>();
  private Relay relay;
  private OtherOrigin origin;
  private Chromium chromium;
  private @Nullable String detour;

  private HooksPage(String built, String generation, Supplier<Node> node) {
    this.built = built;
    this.generation = generation;
    this.node = node;
  }

  /**
   * Opens anew for every test of a class, with nothing mounted.
   *
   * @param generation the version of the hooks
   */
  static HooksPage of(String generation) {
    return of(generation, Shared::node);
  }

  /** The same for a node of the class's own. */
  static HooksPage of(String generation, Supplier<Node> node) {
    return new HooksPage("dist", generation, node);
  }

  /** With our hooks, of which the application knows nothing but the import. */
  static HooksPage ofOurs(Supplier<Node> node) {
    return new HooksPage("dist-runcast", TODAYS, node);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (chromium == null) {
      start();
    }
    preflights.clear();
    requests.clear();
    aborted.clear();
    sockets.clear();
    detour = null;
    chromium.page().navigate(origin.url() + "?generation=" + generation);
    chromium.await("window.loaded === true");
  }

  private void start() {
    Path site = Installation.root().resolve("it/clients").resolve(built);
    if (!Files.exists(site.resolve("index.html"))) {
      throw new IllegalStateException(
          "the page with the hooks is not built: run npm run build -w it/clients");
    }
    relay = Relay.to(node.get().port());
    origin = OtherOrigin.serving(site);
    chromium = Chromium.start();
    Page page = chromium.page();
    page.onRequest(request -> requests.add(pathOf(request.url())));
    page.onWebSocket(sockets::add);
    page.onRequestFailed(request -> aborted.add(pathOf(request.url())));
    CDPSession network = page.context().newCDPSession(page);
    network.on("Network.responseReceived", this::notePreflight);
    network.send("Network.enable");
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (chromium != null) {
      chromium.close();
      origin.close();
      relay.close();
    }
  }

  /**
   * Mounts a component that uses a hook.
   *
   * @param name of its probe
   * @param token what the application got for it
   * @param arguments what the hook is called with
   */
  void mount(String name, String hook, String token, Object... arguments) {
    tab().mount(name, hook, token, arguments);
  }

  /** The same, mounted twice as React does in development. */
  void mountTwice(String name, String hook, String token, Object... arguments) {
    tab().mountTwice(name, hook, token, arguments);
  }

  /** Another tab of the same browser, with the same application in it. */
  HooksTab openTab() {
    Page page = chromium.page().context().newPage();
    page.navigate(origin.url() + "?generation=" + generation);
    page.waitForFunction("window.loaded === true");
    return new HooksTab(page, this::service);
  }

  /** From now on, until the end of the test, the service is reached by another way. */
  void reachServiceAt(String url) {
    detour = url;
  }

  private HooksTab tab() {
    return new HooksTab(chromium.page(), this::service);
  }

  private String service() {
    return detour == null ? relay.url() : detour;
  }

  /** Waits until a condition in the page's own words holds. */
  void await(String script) {
    chromium.await(script);
  }

  /** Waits for something that this side has noted of the network. */
  void awaitHere(BooleanSupplier condition) {
    chromium.page().waitForCondition(condition);
  }

  /** What an expression comes to. */
  Object read(String script) {
    return chromium.page().evaluate(script);
  }

  /** The network between the browser and the node. */
  Relay relay() {
    return relay;
  }

  /** The paths, with queries, that the browser asked leave for and got it. */
  List<String> preflights() {
    return List.copyOf(preflights);
  }

  /** The paths, with queries, of all requests to the node so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** Those that did not come to an end. */
  List<String> aborted() {
    return List.copyOf(aborted);
  }

  /** How many WebSockets the page has opened so far, and how many of them are open. */
  Sockets sockets() {
    long open = sockets.stream().filter(socket -> !socket.isClosed()).count();
    return new Sockets(sockets.size(), (int) open);
  }

  /** WebSockets of a page. */
  record Sockets(int opened, int open) {}

  /** Exceptions that the application did not catch. */
  List<String> errors() {
    return chromium.errors();
  }

  private void notePreflight(JsonObject told) {
    JsonObject response = told.getAsJsonObject("response");
    if (told.get("type").getAsString().equals("Preflight")
        && response.get("status").getAsInt() == 204) {
      preflights.add(pathOf(response.get("url").getAsString()));
    }
  }

  private static String pathOf(String url) {
    return url.replaceFirst("^http://[^/]*", "");
  }
}
