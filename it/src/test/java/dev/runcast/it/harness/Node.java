package dev.runcast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The service as a process of its own, on ports of its own, which it keeps when it is started
 * again.
 */
public final class Node implements AutoCloseable {
  private static final String PERSONAL_TOKEN = "tr_pat_itPersonalToken0123456789abcdef";

  private final NodeSpec spec;
  private final int port = FreePort.next();
  private final int managementPort = FreePort.next();
  private final List<Path> outputs = new ArrayList<>();
  private Process process;

  private Node(NodeSpec spec) {
    this.spec = spec;
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "kill node"));
  }

  /** Starts a node and returns when it is ready. */
  public static Node start(NodeSpec spec) {
    Node node = create(spec);
    try {
      node.startAgain();
      return node;
    } catch (AssertionError neverReady) {
      node.close();
      throw neverReady;
    }
  }

  /** A node that is not started yet. */
  public static Node create(NodeSpec spec) {
    return new Node(spec);
  }

  /** Starts it, with the same ports, after it was stopped or killed; returns when it is ready. */
  public void startAgain() {
    launch();
    awaitReady();
  }

  /** Starts the process and returns at once. */
  public void launch() {
    try {
      Path output = Files.createTempFile("runcast-it-node", ".log");
      outputs.add(output);
      process = Installation.process(arguments(), variables(), spec.heap(), output).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it says that it can serve. */
  public void awaitReady() {
    awaitAnswer("the node to be ready", () -> management("/ready").status() == 200);
  }

  /** Waits until its public port answers; it may have no news to tell yet. */
  public void awaitAnswering() {
    awaitAnswer(
        "the node to answer",
        () -> api().post("/api/v1/auth/jwt/claims", Map.of()).status() == 200);
  }

  private void awaitAnswer(String what, Callable<Boolean> condition) {
    Await.until(
        what,
        () -> {
          requireAlive();
          return condition.call();
        },
        this::log);
  }

  /** Ends it as Ctrl-C would, and waits until it has. */
  public void stop() {
    process.toHandle().destroy();
    awaitExit();
  }

  /** Halts the process as a debugger would, until {@link #thaw}: its connections stay open. */
  public void freeze() {
    Signal.STOP.send(process.toHandle());
  }

  /** Lets it go on. */
  public void thaw() {
    Signal.CONT.send(process.toHandle());
  }

  /** Ends it with SIGKILL: it has no say in it. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** The exit code, once it is there. */
  public int awaitExit() {
    try {
      if (!process.waitFor(Await.BOUND.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the node does not end\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Whether the process lives. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its requests with the first environment's secret key. */
  public Api api() {
    return api(spec.secretKey());
  }

  /** Its requests with this credential. */
  public Api api(String credential) {
    return new Api(url(), credential);
  }

  /** What the other port answers. */
  public Answer management(String path) {
    return new Api("http://127.0.0.1:" + managementPort, "").get(path);
  }

  /** A client of a feed, under the secret key; it connects at once. */
  public SseProbe follow(String pathAndQuery) {
    return follow(pathAndQuery, spec.secretKey());
  }

  /** A client of a feed, under this credential; it connects at once. */
  public SseProbe follow(String pathAndQuery, String credential) {
    return new SseProbe(new SseProbe.Target(port, pathAndQuery, credential)).connect();
  }

  /** Where browsers and clients go. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public int managementPort() {
    return managementPort;
  }

  /** What the command line tool shows. */
  public String personalToken() {
    return PERSONAL_TOKEN;
  }

  public String secretKey() {
    return spec.secretKey();
  }

  /** What all its starts have printed. */
  public String log() {
    try {
      StringBuilder all = new StringBuilder();
      for (Path output : outputs) {
        all.append(Files.readString(output));
      }
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.toHandle().destroy();
      try {
        if (!process.waitFor(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  private void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private void requireAlive() {
    if (!process.isAlive()) {
      throw new Died("the node has ended with " + process.exitValue() + "\n" + log());
    }
  }

  /** An error, not an exception: no wait goes on after it. */
  private static final class Died extends AssertionError {
    private static final long serialVersionUID = 1;

    Died(String message) {
      super(message);
    }
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add(spec.command());
    arguments.addAll(spec.flags());
    arguments.addAll(List.of("--port", Integer.toString(port)));
    arguments.addAll(List.of("--management-port", Integer.toString(managementPort)));
    return arguments;
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    variables.put("RUNCAST_SECRET_KEY", spec.secretKey());
    variables.put("RUNCAST_PERSONAL_TOKEN", PERSONAL_TOKEN);
    variables.put("RUNCAST_ENCRYPTION_KEY", "ab".repeat(32));
    variables.putAll(spec.environment());
    return variables;
  }
}
