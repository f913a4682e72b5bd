package dev.runcast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What a process is told by the system; Java itself can only send TERM and KILL. */
enum Signal {
  CONT,
  INT,
  QUIT,
  STOP;

  /** Sends it, and returns when it is sent. */
  void send(ProcessHandle process) {
    try {
      new ProcessBuilder("kill", "-" + name(), Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
