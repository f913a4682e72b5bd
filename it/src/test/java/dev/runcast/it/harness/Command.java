package dev.runcast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command of the service that ends by itself, and what came of it. */
public record Command(int exitCode, String output) {

  /** Runs it and waits for its end. */
  public static Command run(Map<String, String> environment, String... arguments) {
    try {
      Path output = Files.createTempFile("runcast-it-command", ".log");
      return awaitEnd(
          Installation.process(List.of(arguments), environment, "128m", output).start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end of a process that prints to this file. */
  public static Command awaitEnd(Process process, Path output) throws IOException {
    try {
      if (!process.waitFor(Await.BOUND.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end: " + Files.readString(output));
      }
      return new Command(process.exitValue(), Files.readString(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The last line that it printed. */
  public String lastLine() {
    List<String> lines = output.lines().toList();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }
}
