package dev.runcast.it.bench;

import dev.runcast.it.bench.process.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sections of a benchmark stand on: a directory for this run, the processes started in it,
 * and one Postgres for all.
 */
public final class Ground implements AutoCloseable {
  /** Of every server whose processor time is measured: no figure is bought with more memory. */
  public static final List<String> FIXED_HEAP = List.of("-Xms256m", "-Xmx256m");

  private final Path directory;
  private final Children children;
  private final Installation installation;
  private @Nullable BenchDatabase database;
  private @Nullable Service service;

  /**
   * How the service is started.
   *
   * @param launcher the script that operators start it with
   * @param jvmFlags what that script gives the JVM
   */
  public record Installation(Path launcher, List<String> jvmFlags) {
    public static Installation ofProperties() {
      String flags = System.getProperty("runcast.bench.jvmFlags", "");
      return new Installation(
          Path.of(System.getProperty("runcast.bench.launcher", "runcast")).toAbsolutePath(),
          Arrays.stream(flags.split(" ", -1)).filter(flag -> !flag.isEmpty()).toList());
    }
  }

  public Ground(Path output, Installation installation) {
    this.installation = installation;
    try {
      Files.createDirectories(output);
      directory = Files.createTempDirectory(output, "run-").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    children = new Children(directory.resolve("logs"));
  }

  public Path directory() {
    return directory;
  }

  public Children children() {
    return children;
  }

  public Installation installation() {
    return installation;
  }

  /** The one Postgres, started when it is first asked for. */
  public BenchDatabase database() {
    BenchDatabase known = database;
    if (known == null) {
      known = children.stopAtEnd(BenchDatabase.start(directory.resolve("postgres")));
      database = known;
    }
    return known;
  }

  /** The whole service with a fixed heap, started when it is first asked for. */
  public Service service() {
    Service known = service;
    if (known == null) {
      known = Service.start(this, "service", FIXED_HEAP);
      service = known;
    }
    return known;
  }

  /** There may be only one service on the database at a time. */
  public void stopService() {
    Service known = service;
    if (known != null) {
      known.stop();
      service = null;
    }
  }

  /** Stops everything. Logs stay, the database's files go. */
  @Override
  public void close() {
    children.close();
  }
}
