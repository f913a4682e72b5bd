package dev.runcast.it.browser;

import com.microsoft.playwright.Page;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A tab with the application in it. */
final class HooksTab {
  private final Page page;
  private final Supplier<String> service;

  /**
   * @param service where the application reaches the service
   */
  HooksTab(Page page, Supplier<String> service) {
    this.page = page;
    this.service = service;
  }

  /**
   * Mounts a component that uses a hook.
   *
   * @param name of its probe
   * @param token what the application got for it
   * @param arguments what the hook is called with
   */
  void mount(String name, String hook, String token, Object... arguments) {
    mount(name, hook, token, false, arguments);
  }

  /** The same, mounted twice as React does in development. */
  void mountTwice(String name, String hook, String token, Object... arguments) {
    mount(name, hook, token, true, arguments);
  }

  private void mount(String name, String hook, String token, boolean strict, Object... arguments) {
    Map<String, Object> what = new HashMap<>();
    what.put("hook", hook);
    what.put("args", List.of(arguments));
    what.put("auth", Map.of("baseURL", service.get(), "accessToken", token));
    what.put("strict", strict);
    page.evaluate("([name, what]) => mount(name, what)", List.of(name, what));
  }

  /** Waits until a condition in the page's own words holds. */
  void await(String script) {
    try {
      page.waitForFunction(script);
    } catch (RuntimeException e) {
      throw new AssertionError("still waiting for: " + script + "\n" + page.content(), e);
    }
  }

  /** What an expression comes to. */
  Object read(String script) {
    return page.evaluate(script);
  }

  /** As when its user closes it. */
  void close() {
    page.close();
  }
}
