package dev.runcast.it.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A program that was started. Those of ours are spoken to by lines: one command in, one answer out.
 * Not for several threads at once, save {@link #close}.
 */
public final class Child implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;

  private final String name;
  private final Process process;
  private final Path log;
  private final BufferedReader answers;
  private final PrintWriter commands;

  Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** True, or an error at once: nothing that it was to do will come any more. */
  public boolean isStillAlive() {
    if (!process.isAlive()) {
      throw new AssertionError(name + " has ended with " + process.exitValue() + "; see " + log);
    }
    return true;
  }

  /** Where its errors go. */
  public Path log() {
    return log;
  }

  /** What it has used so far. */
  public Usage usage() {
    return Usage.of(process.pid());
  }

  /** Sends a line and waits for the one that answers it; {@code error ...} is thrown. */
  public String ask(String command) {
    commands.println(command);
    String answer = line();
    if (answer.startsWith("error ")) {
      throw new IllegalStateException(name + ": " + answer.substring("error ".length()));
    }
    return answer;
  }

  /** The next line that it writes. Throws when it has ended instead. */
  public String line() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException(name + " has ended; see " + log);
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the line that holds this, and passes over the others. */
  public String lineContaining(String text) {
    String line = line();
    while (!line.contains(text)) {
      line = line();
    }
    return line;
  }

  /** From now on throws away what it writes, lest it wait for a reader. */
  public void discardOutput() {
    Thread reader = new Thread(() -> answers.lines().forEach(line -> {}), name + "-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Waits until it has ended by itself. */
  public int exitCode() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it: politely, then not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
