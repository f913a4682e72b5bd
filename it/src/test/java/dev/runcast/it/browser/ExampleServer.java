package dev.runcast.it.browser;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The server of {@code examples/orders}, as it is built, in a process of its own. */
final class ExampleServer implements AutoCloseable {
  private final Process process;
  private final Path output;

  private ExampleServer(Process process, Path output) {
    this.process = process;
    this.output = output;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "kill example"));
  }

  /**
   * Starts it on any free port.
   *
   * @param service where it, and its pages, find the service
   */
  static ExampleServer start(String service, String secretKey) {
    Path example = Installation.root().resolve("examples/orders");
    if (!Files.isRegularFile(example.resolve("dist/server/server.js"))) {
      throw new IllegalStateException("the example is not built: run npm test -w examples/orders");
    }
    try {
      Path output = Files.createTempFile("runcast-it-example", ".log");
      ProcessBuilder builder =
          new ProcessBuilder("node", "dist/server/server.js")
              .directory(example.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("RUNCAST_URL", service);
      builder.environment().put("RUNCAST_SECRET_KEY", secretKey);
      builder.environment().put("PORT", "0");
      ExampleServer server = new ExampleServer(builder.start(), output);
      Await.until("the example to listen", () -> server.address().isPresent(), server::said);
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
    return said().lines().filter(line -> line.startsWith("http://")).findFirst();
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
