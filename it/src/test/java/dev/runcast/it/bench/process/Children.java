package dev.runcast.it.bench.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Everything that a benchmark has started. Stopped in reverse order when it ends, also when the
 * program is interrupted. Safe for any thread.
 */
public final class Children implements AutoCloseable {
  private final Path logs;
  private final ConcurrentLinkedDeque<AutoCloseable> running = new ConcurrentLinkedDeque<>();
  private final Thread hook = new Thread(this::stopAll, "stop-children");

  /**
   * @param logs a directory for what the programs write to standard error
   */
  public Children(Path logs) {
    this.logs = logs;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts a main class of this class path in a JVM of its own. */
  public Child java(
      String name, List<String> flags, Map<String, String> environment, Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The service's own logging, to stderr: the one of the tests would mix with the answers.
    command.add("-Dlogback.configurationFile=logback.xml");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return start(name, command, environment);
  }

  /** Starts any program. */
  public Child start(String name, List<String> command, Map<String, String> environment) {
    try {
      Files.createDirectories(logs);
      File log = logs.resolve(name + ".log").toFile();
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(log);
      builder.environment().putAll(environment);
      Child child = new Child(name, builder.start(), log.toPath());
      return stopAtEnd(child);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Anything else that has to be undone at the end. */
  public <T extends AutoCloseable> T stopAtEnd(T closeable) {
    running.push(closeable);
    return closeable;
  }

  @Override
  public void close() {
    stopAll();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private void stopAll() {
    for (AutoCloseable next = running.poll(); next != null; next = running.poll()) {
      try {
        next.close();
      } catch (Exception e) {
        System.err.println("did not stop cleanly: " + e);
      }
    }
  }
}
