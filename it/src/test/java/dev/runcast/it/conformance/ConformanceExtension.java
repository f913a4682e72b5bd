package dev.runcast.it.conformance;

import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.TestAbortedException;

/** Notes the outcome of each test that is declared a behaviour. */
final class ConformanceExtension implements TestWatcher, TestExecutionExceptionHandler {

  @Override
  public void testSuccessful(ExtensionContext context) {
    note(context, "works");
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    note(context, "FAILS");
  }

  /** A behaviour that is skipped is one that nobody has shown. */
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable thrown)
      throws Throwable {
    throw thrown instanceof TestAbortedException
        ? new AssertionError("the table counts on this test: it may not be skipped", thrown)
        : thrown;
  }

  private static void note(ExtensionContext context, String outcome) {
    List<Behaviour> shown = Behaviour.of(context.getRequiredTestMethod());
    String invocation = context.getDisplayName();
    List<Behaviour> named =
        shown.stream().filter(behaviour -> invocation.contains(behaviour.client())).toList();
    Listing listing =
        context
            .getRoot()
            .getStore(Namespace.create(Listing.class))
            .getOrComputeIfAbsent(Listing.class, key -> new Listing(), Listing.class);
    (named.isEmpty() ? shown : named).forEach(behaviour -> listing.add(behaviour, outcome));
  }
}
