package dev.runcast.it.operator;

import dev.runcast.it.harness.Command;
import dev.runcast.it.harness.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The real {@code ./runcast} in a source tree of its own: the sources are a few files of no
 * consequence, what they were built to is what this build has made. So it may find its tree stale
 * without touching the one that the tests run from.
 */
final class Launcher {
  private static final List<String> SOURCES =
      List.of(
          "pom.xml",
          ".mvn/jvm.config",
          "tokens/pom.xml",
          "tokens/src/main/Some.java",
          "backend/pom.xml",
          "backend/src/main/Some.java",
          "frontend/package.json",
          "react-hooks/package.json",
          "package.json",
          "package-lock.json",
          "tsconfig.base.json");

  private static final List<String> SHELL_TOOLS =
      List.of(
          "sh", "cat", "cksum", "dirname", "find", "head", "id", "mkdir", "rm", "sed", "sort",
          "tail", "tee");

  private final Path tree;
  private final Map<String, String> environment;

  private Launcher(Path tree, Map<String, String> environment) {
    this.tree = tree;
    this.environment = Map.copyOf(environment);
  }

  /** A new tree that is built and not stale, among what this build makes. */
  static Launcher install() throws IOException, InterruptedException {
    Path root = Installation.root();
    Path tree = Files.createTempDirectory(root.resolve("it/target"), "launcher");
    for (String source : SOURCES) {
      Files.createDirectories(tree.resolve(source).getParent());
      Files.writeString(tree.resolve(source), source);
    }
    Files.copy(root.resolve("runcast"), tree.resolve("runcast"));
    Files.createDirectories(tree.resolve("target"));
    Files.createDirectories(tree.resolve("backend/target"));
    Path built = root.resolve("backend/target");
    Files.createSymbolicLink(tree.resolve("backend/target/lib"), built.resolve("lib"));
    Path jar = Installation.jar();
    Files.createSymbolicLink(tree.resolve("backend/target").resolve(jar.getFileName()), jar);
    Launcher launcher = new Launcher(tree, Map.of("RUNCAST_JAVA_OPTS", "-XX:TieredStopAtLevel=1"));
    launcher.stamp();
    return launcher;
  }

  /** The same with one more variable of the environment. */
  Launcher with(String name, String value) {
    Map<String, String> all = new HashMap<>(environment);
    all.put(name, value);
    return new Launcher(tree, all);
  }

  /** A PATH with what a shell script needs, and with programs of these names that do nothing. */
  String pathWithOnly(String... programs) throws IOException {
    Path bin = Files.createTempDirectory(tree, "bin");
    for (String name : SHELL_TOOLS) {
      Files.createSymbolicLink(bin.resolve(name), found(name));
    }
    for (String name : programs) {
      Files.createSymbolicLink(bin.resolve(name), found("true"));
    }
    return bin.toString();
  }

  private static Path found(String name) {
    return List.of(System.getenv("PATH").split(":", -1)).stream()
        .map(entry -> Path.of(entry).resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " on this machine"));
  }

  /** The root of its source tree. */
  Path tree() {
    return tree;
  }

  /** Makes the sources differ from what was built. */
  void edit() throws IOException {
    Files.writeString(tree.resolve("pom.xml"), "edited");
  }

  /** A command that ends by itself. */
  Command run(String... arguments) {
    try {
      Path output = Files.createTempFile(tree, "output", ".log");
      return Command.awaitEnd(start(output, arguments), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command that goes on; both its outputs go to the file. */
  Process start(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(tree.resolve("runcast").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // From elsewhere, as people call it who are at work on their application.
    builder.directory(tree.resolve("frontend").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("RUNCAST_"));
    builder.environment().remove("DATABASE_URL");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** Notes the tree as built, by the launcher's own way of telling whether it is. */
  private void stamp() throws IOException, InterruptedException {
    String script =
        "root=$PWD; eval \"$(sed -n '/^fingerprint() {/,/^}/p' runcast)\";"
            + " fingerprint >target/build.stamp";
    Process shell =
        new ProcessBuilder("sh", "-euc", script).directory(tree.toFile()).inheritIO().start();
    if (shell.waitFor() != 0 || Files.size(tree.resolve("target/build.stamp")) == 0) {
      throw new AssertionError("the launcher's fingerprint() is not where it was");
    }
  }
}
