package dev.runcast.it.harness;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A throwaway Postgres in a directory of its own, that can be stopped, killed and started again on
 * the same port. What it has acknowledged survives a kill of its processes.
 */
public final class PostgresServer implements AutoCloseable {
  private static final AtomicInteger databases = new AtomicInteger();

  private final Path directory;
  private final int port;
  private final Map<String, String> settings;
  private final Thread atExit = new Thread(this::end, "stop Postgres");
  private EmbeddedPostgres running;

  private PostgresServer(Path directory, int port, Map<String, String> settings) {
    this.directory = directory;
    this.port = port;
    this.settings = settings;
    this.running = launch();
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** A server that logical replication can be read from. */
  public static PostgresServer start() {
    return start(Map.of());
  }

  /**
   * The same.
   *
   * @param settings more of postgresql.conf, which win
   */
  public static PostgresServer start(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("wal_level", "logical");
    // One for each database of the tests; those that are not used any more stay.
    all.put("max_replication_slots", "100");
    all.put("max_wal_senders", "20");
    all.put("max_connections", "200");
    // Another process's kill must lose nothing; only the machine's would, for lack of fsync.
    all.put("synchronous_commit", "on");
    all.putAll(settings);
    try {
      return new PostgresServer(
          Files.createTempDirectory("runcast-it-pg"), FreePort.next(), Map.copyOf(all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new, empty database. */
  public TestDatabase database() {
    String name = "it_" + databases.incrementAndGet();
    maintenance().execute("create database " + name);
    return new TestDatabase(port, name, "postgres", "");
  }

  /** The database that is always there. */
  public TestDatabase maintenance() {
    return new TestDatabase(port, "postgres", "postgres", "");
  }

  /** Stops it as an operator would: sessions are ended, all is written. */
  public void stop() {
    Optional<ProcessHandle> postmaster = postmaster();
    try {
      running.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The library waits for five seconds only.
    Await.until("Postgres to stop", () -> postmaster.isEmpty() || !postmaster.get().isAlive());
  }

  /** Stops it in the mode {@code immediate}: sessions are dropped, and the next start recovers. */
  public void stopAtOnce() {
    ProcessHandle postmaster = postmaster().orElseThrow();
    Signal.QUIT.send(postmaster);
    postmaster.onExit().join();
    stop();
  }

  /** Starts it again after {@link #stop}, {@link #stopAtOnce} or {@link #kill}. */
  public void startAgain() {
    Await.until(
        "Postgres to start again",
        () -> {
          running = launch();
          return true;
        });
  }

  /** Kills the postmaster with SIGKILL; its children follow it by themselves. */
  public void kill() {
    ProcessHandle postmaster = postmaster().orElseThrow();
    postmaster.destroyForcibly();
    postmaster.onExit().join();
    stop();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    end();
  }

  private void end() {
    stop();
    try {
      Files.walkFileTree(directory, new Delete());
    } catch (IOException leftToTheSystem) {
      // A temporary directory: what a late process still wrote there is cleaned up with it.
      return;
    }
  }

  private EmbeddedPostgres launch() {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.resolve("data"))
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPort(port);
    settings.forEach(builder::setServerConfig);
    try {
      EmbeddedPostgres started = builder.start();
      requireOurs();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // On a port that was taken in between, a stranger's server would answer.
  private void requireOurs() {
    String actual = maintenance().single("show data_directory");
    if (!Path.of(actual).equals(directory.resolve("data"))) {
      throw new IllegalStateException("port " + port + " is served from " + actual);
    }
  }

  private Optional<ProcessHandle> postmaster() {
    try {
      List<String> lines = Files.readAllLines(directory.resolve("data/postmaster.pid"));
      return ProcessHandle.of(Long.parseLong(lines.get(0).trim()));
    } catch (IOException notRunning) {
      return Optional.empty();
    }
  }

  private static final class Delete extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, IOException failure)
        throws IOException {
      Files.deleteIfExists(visited);
      return FileVisitResult.CONTINUE;
    }
  }
}
