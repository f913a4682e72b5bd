package dev.runcast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The database that a node keeps for itself, seen by somebody who can read its files.
 *
 * @param dataDir what the node was given as {@code --data-dir}
 */
public record EmbeddedDatabase(Path dataDir) {

  /** A way in, once the node has made it; the port is that of the latest start. */
  public TestDatabase open() {
    int port = Integer.parseInt(text("postgres.port"));
    return new TestDatabase(port, "runcast", "runcast", text("postgres.password"));
  }

  /** Its postmaster, if one is running. */
  public Optional<ProcessHandle> postmaster() {
    Path pid = dataDir.resolve("cluster/postmaster.pid");
    try {
      return Files.readAllLines(pid).stream()
          .findFirst()
          .map(line -> Long.parseLong(line.trim()))
          .flatMap(ProcessHandle::of)
          .filter(ProcessHandle::isAlive);
    } catch (IOException notStarted) {
      return Optional.empty();
    }
  }

  /** What Postgres has logged. */
  public String log() {
    return text("cluster/server.log");
  }

  /**
   * Kills all of its processes: none has a say in it, and only what the kernel was given is left.
   */
  public void kill() {
    ProcessHandle postmaster = postmaster().orElseThrow();
    // The postmaster first, which would start its children again.
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  /** Ends what a killed node has left running, so that the directory can be removed. */
  public void endOrphan() {
    postmaster()
        .ifPresent(
            orphan -> {
              Signal.QUIT.send(orphan);
              orphan.onExit().join();
            });
  }

  private String text(String file) {
    try {
      return Files.readString(dataDir.resolve(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
