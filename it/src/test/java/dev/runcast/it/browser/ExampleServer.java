package dev.runcast.it.browser;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.FreePort;
import dev.runcast.it.harness.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server of an example, as it is built, in a process of its own. */
final class ExampleServer implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:([1-9][0-9]*)");

  private final Process process;
  private final Path output;

  private ExampleServer(Process process, Path output) {
    this.process = process;
    this.output = output;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "kill example"));
  }

  /**
   * Starts the one of {@code examples/orders}.
   *
   * @param service where it, and its pages, find the service
   */
  static ExampleServer ofOrders(String service, String secretKey) {
    return start("orders", "dist/server/server.js", List.of(), service, secretKey);
  }

  /** Starts the one of {@code examples/next}. */
  static ExampleServer ofNext(String service, String secretKey) {
    List<String> how = List.of("start", "--hostname", "127.0.0.1", "--port", "" + FreePort.next());
    return start("next", "../../node_modules/next/dist/bin/next", how, service, secretKey);
  }

  private static ExampleServer start(
      String name, String script, List<String> arguments, String service, String secretKey) {
    Path example = Installation.root().resolve("examples/" + name);
    if (!Files.isRegularFile(example.resolve(script))) {
      throw new IllegalStateException("an example is not built: run npm test -w examples/" + name);
    }
    try {
      Path output = Files.createTempFile("runcast-it-example", ".log");
      List<String> command = new ArrayList<>(List.of("node", script));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(example.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("RUNCAST_URL", service);
      builder.environment().put("RUNCAST_SECRET_KEY", secretKey);
      builder.environment().put("PORT", "0");
      builder.environment().put("NEXT_TELEMETRY_DISABLED", "1");
      ExampleServer server = new ExampleServer(builder.start(), output);
      Await.until(
          "the example to say where it is", () -> server.address().isPresent(), server::said);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where its pages are. */
  String url() {
    return address().orElseThrow();
  }

  private Optional<String> address() {
    Matcher found = ADDRESS.matcher(said());
    return found.find() ? Optional.of(found.group()) : Optional.empty();
  }

  /** All that it has said so far. */
  String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
