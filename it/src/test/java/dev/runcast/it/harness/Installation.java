package dev.runcast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What was built: the service's jar and what it needs, started as the launcher starts them. */
public final class Installation {
  private static final String MAIN = "dev.runcast.app.Main";

  private Installation() {}

  /**
   * A process of the service, not started yet; its output goes to a file.
   *
   * @param arguments a command and its flags
   * @param heap as in {@code -Xmx}
   */
  public static ProcessBuilder process(
      List<String> arguments, Map<String, String> environment, String heap, Path output) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xmx" + heap,
            "-cp",
            classPath()));
    command.add(MAIN);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("RUNCAST_"));
    builder.environment().remove("DATABASE_URL");
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).redirectOutput(output.toFile());
  }

  /** The root of the source tree. */
  public static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("runcast"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IllegalStateException("not in the source tree");
      }
    }
    return directory;
  }

  /** The service's jar; what it needs is in {@code lib} beside it. */
  public static Path jar() {
    Path target = root().resolve("backend/target");
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("runcast-backend-.*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("backend is not packaged: " + target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String classPath() {
    Path jar = jar();
    return jar + System.getProperty("path.separator") + jar.resolveSibling("lib") + "/*";
  }
}
