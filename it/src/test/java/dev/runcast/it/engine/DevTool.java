package dev.runcast.it.engine;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Installation;
import dev.runcast.it.harness.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The official command line tool, which executes the tasks of {@code it/tasks}: a process of its
 * own, in a directory of its own, for it keeps files and a lock beside the tasks.
 */
final class DevTool implements AutoCloseable {
  private static final String PROGRAM = "node_modules/trigger.dev/dist/esm/index.js";

  private final Path project;
  private final Path output;
  private final ProcessBuilder builder;
  private final Set<ProcessHandle> children = new HashSet<>();
  private Process process;

  private DevTool(Path project, Path output, ProcessBuilder builder) {
    this.project = project;
    this.output = output;
    this.builder = builder;
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "kill dev tool"));
  }

  /**
   * Starts it for a node, and returns when the node knows its tasks.
   *
   * @param more arguments
   */
  static DevTool start(Node node, String... more) {
    DevTool tool = create(node, more);
    tool.launch();
    tool.awaitRegistered(node, 1);
    return tool;
  }

  private static DevTool create(Node node, String... more) {
    Path tasks = Installation.root().resolve("it/tasks");
    if (!Files.isRegularFile(tasks.resolve(PROGRAM))) {
      throw new IllegalStateException(
          "the command line tool is not installed: run npm ci in it/tasks");
    }
    try {
      Path project = Files.createTempDirectory("runcast-it-tasks");
      copy(tasks, project);
      Files.createSymbolicLink(project.resolve("node_modules"), tasks.resolve("node_modules"));
      Path output = Files.createTempFile("runcast-it-tool", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(
                  "node",
                  PROGRAM,
                  "dev",
                  "--skip-update-check",
                  "--skip-telemetry",
                  "--log-level",
                  "debug")
              .directory(project.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
      builder.command().addAll(List.of(more));
      builder.environment().keySet().removeIf(name -> name.startsWith("TRIGGER_"));
      builder.environment().put("CI", "1");
      builder.environment().put("TRIGGER_API_URL", node.url());
      builder.environment().put("TRIGGER_ACCESS_TOKEN", node.personalToken());
      return new DevTool(project, output, builder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to.resolve("src"));
    for (String file :
        List.of("package.json", "package-lock.json", "tsconfig.json", "trigger.config.ts")) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
    try (Stream<Path> sources = Files.list(from.resolve("src"))) {
      for (Path source : sources.toList()) {
        Files.copy(source, to.resolve("src").resolve(source.getFileName()));
      }
    }
  }

  void launch() {
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when so many builds were registered with a node that is new. */
  void awaitRegistered(Node node, int builds) {
    Await.until(
        "the tool to register its tasks",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the tool has ended\n" + this);
          }
          return node.log().split("build registered", -1).length > builds;
        },
        this::toString);
  }

  /** Runs another command of the tool in the same project, to its end. Gives what it says. */
  String run(String... command) {
    try {
      Path said = Files.createTempFile("runcast-it-tool", ".log");
      ProcessBuilder other =
          new ProcessBuilder("node", PROGRAM)
              .directory(project.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile());
      other.command().addAll(List.of(command));
      other.command().addAll(List.of("--skip-update-check", "--skip-telemetry"));
      other.environment().clear();
      other.environment().putAll(builder.environment());
      Process running = other.start();
      if (!running.waitFor(Await.BOUND.toSeconds(), TimeUnit.SECONDS)) {
        running.destroyForcibly();
        throw new AssertionError("the tool does not end\n" + Files.readString(said));
      }
      return Files.readString(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The files of the tasks, to be changed at will. */
  Path sources() {
    return project.resolve("src");
  }

  /** Ends it with SIGKILL; its watchdog is left, and says that it is gone. */
  void kill() {
    if (process != null) {
      noteChildren();
      process.destroyForcibly();
    }
  }

  /** While it lives: of a process that is gone nobody knows the children. */
  private void noteChildren() {
    process.toHandle().descendants().forEach(children::add);
  }

  /** The same to its watchdog, so that nobody says anything. */
  void killWithItsWatchdog() {
    try {
      String written = Files.readString(project.resolve(".trigger/watchdog.pid"));
      long watchdog = Long.parseLong(written.substring(written.indexOf(':') + 1).trim());
      ProcessHandle.of(watchdog).ifPresent(ProcessHandle::destroyForcibly);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    kill();
  }

  /** What it leaves behind would go on with its tasks, and take the time of the tests after it. */
  @Override
  public void close() {
    noteChildren();
    process.toHandle().destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /** What it has printed. */
  @Override
  public String toString() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
