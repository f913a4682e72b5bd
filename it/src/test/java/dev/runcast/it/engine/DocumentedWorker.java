package dev.runcast.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.Installation;
import dev.runcast.it.harness.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The workers of docs/WORKERS.md, as they stand there. */
enum DocumentedWorker {
  JAVA("Worker.java") {
    @Override
    List<String> command(Path source) {
      return List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(), source.toString());
    }
  },
  PYTHON("worker.py") {
    @Override
    List<String> command(Path source) {
      return List.of("python3", source.toString());
    }
  },
  /**
   * Built and looked over first: {@code go run} would stand between its process and its signals.
   */
  GO("worker.go") {
    @Override
    List<String> command(Path source) throws IOException, InterruptedException {
      Path program = source.resolveSibling("worker");
      succeed(source.getParent(), "go", "vet", source.toString());
      succeed(source.getParent(), "go", "build", "-o", program.toString(), source.toString());
      return List.of(program.toString());
    }
  };

  private final String file;

  DocumentedWorker(String file) {
    this.file = file;
  }

  /** What starts it, from its source. */
  abstract List<String> command(Path source) throws IOException, InterruptedException;

  /** Its text. */
  String text() throws IOException {
    String fence = "```%s\n(.*?)```".formatted(name().toLowerCase(java.util.Locale.ROOT));
    Matcher program =
        Pattern.compile(fence, Pattern.DOTALL)
            .matcher(Files.readString(Installation.root().resolve("docs/WORKERS.md")));
    assertThat(program.find()).as(fence).isTrue();
    return program.group(1);
  }

  /** Starts it, to work for a node; what it says goes to a file. */
  Process start(Node node, Path log) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("runcast-it-worker");
    Path source = Files.writeString(folder.resolve(file), text());
    ProcessBuilder builder =
        new ProcessBuilder(command(source)).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("RUNCAST_URL", node.url());
    builder.environment().put("RUNCAST_SECRET_KEY", node.secretKey());
    return builder.start();
  }

  /** By what name it claims runs. */
  String name(Process process) {
    return name().toLowerCase(java.util.Locale.ROOT) + " " + process.pid();
  }

  private static void succeed(Path folder, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", "");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(3 * Await.BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }
}
