package dev.runcast.it.bench;

import dev.runcast.it.bench.process.Child;
import dev.runcast.it.bench.process.Usage;
import dev.runcast.it.harness.Api;
import dev.runcast.it.harness.Await;
import dev.runcast.it.harness.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole service, started as an operator would, on the benchmark's Postgres and with credentials
 * that the benchmark knows.
 */
public final class Service {
  private final Child child;
  private final int port;
  private final String environment;

  private Service(Child child, int port, String environment) {
    this.child = child;
    this.port = port;
    this.environment = environment;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param name a directory and a log are named after it
   * @param javaOptions beside those of the launcher, which come first
   */
  public static Service start(Ground ground, String name, List<String> javaOptions) {
    BenchDatabase database = ground.database();
    Path data = ground.directory().resolve(name);
    Map<String, String> settings = new HashMap<>();
    settings.put("DATABASE_URL", database.url());
    settings.put("RUNCAST_DATA_DIR", data.toString());
    int port = FreePort.next();
    int managementPort = FreePort.next();
    settings.put("RUNCAST_PORT", Integer.toString(port));
    settings.put("RUNCAST_MANAGEMENT_PORT", Integer.toString(managementPort));
    settings.put("RUNCAST_SECRET_KEY", Tenant.SERVICE_KEY);
    settings.put("RUNCAST_PERSONAL_TOKEN", Tenant.PERSONAL_TOKEN);
    settings.put("RUNCAST_ENCRYPTION_KEY", Tenant.ENCRYPTION_KEY);
    settings.put("RUNCAST_SLOT", "bench_service");
    settings.put("RUNCAST_MAX_TOKEN_SUBSCRIPTIONS", "50000");
    settings.put("RUNCAST_JAVA_OPTS", String.join(" ", javaOptions));
    Child child =
        ground
            .children()
            .start(name, List.of(ground.installation().launcher().toString(), "serve"), settings);
    Api management = new Api("http://127.0.0.1:" + managementPort, "");
    Await.until(
        "the service to be ready",
        () -> child.isStillAlive() && management.get("/ready").status() == 200,
        () -> "see " + child.log());
    child.discardOutput();
    String environment =
        database.run(
            "select e.id from environment e join project p on p.id = e.project_id"
                + " where p.reference = 'proj_runcast' and e.slug = 'dev'");
    return new Service(child, port, environment);
  }

  public int port() {
    return port;
  }

  /** The id of the environment that the benchmark's key opens. */
  public String environment() {
    return environment;
  }

  public Usage usage() {
    return child.usage();
  }

  public long pid() {
    return child.pid();
  }

  /** Has the JVM collect its garbage, so that what stays resident is what is in use. */
  public void collectGarbage() {
    run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid() + "", "GC.run");
  }

  /** How many objects of a class the JVM holds that something still refers to. */
  public long liveObjects(String className) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process = new ProcessBuilder(jcmd, pid() + "", "GC.class_histogram").start();
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        // Each line: rank, instances, bytes, name, and perhaps its module.
        return lines
            .lines()
            .map(line -> line.strip().split("\\s+", -1))
            .filter(fields -> fields.length >= 4 && fields[3].equals(className))
            .mapToLong(fields -> Long.parseLong(fields[1]))
            .sum();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Halts the process where it stands, so that another can be measured alone. */
  public void halt() {
    run("kill", "-STOP", pid() + "");
  }

  /** Lets it go on. */
  public void goOn() {
    run("kill", "-CONT", pid() + "");
  }

  public void stop() {
    child.close();
  }

  private static void run(String... command) {
    try {
      int exitCode =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (exitCode != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
