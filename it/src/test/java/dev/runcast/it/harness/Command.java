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
      Process process =
          Installation.process(List.of(arguments), environment, "128m", output).start();
      if (!process.waitFor(Await.BOUND.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end: " + Files.readString(output));
      }
      return new Command(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
