package dev.runcast.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One run of an outside program, waited for. */
final class Program {
  /**
   * How it went.
   *
   * @param exitCode 127 when there is no such program
   * @param output what it printed to both outputs
   */
  record Outcome(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  private Program() {}

  /** Runs it with no input and without the PG* variables of our own environment, and waits. */
  static Outcome run(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return new Outcome(127, String.valueOf(e.getMessage()));
    }
    return outcome(process);
  }

  private static Outcome outcome(Process process) {
    try (InputStream output = process.getInputStream()) {
      process.getOutputStream().close();
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), text.strip());
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("waiting for " + process.info()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
