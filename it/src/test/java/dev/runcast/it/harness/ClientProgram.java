package dev.runcast.it.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A program of {@code it/clients}, which uses an official client unmodified and tells what it saw
 * as facts: a name and a value each, one line of JSON. A process of its own.
 */
public final class ClientProgram implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path errors;
  private final List<Fact> facts = new CopyOnWriteArrayList<>();
  private final Thread reader;

  /** Something that the program told. */
  public record Fact(String name, JsonNode value) {}

  private ClientProgram(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.reader = new Thread(this::read, "client program");
    reader.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "kill client"));
  }

  /**
   * Starts a program.
   *
   * @param name of its file, without the ending
   * @param url where it finds the service
   * @param key what it uses as its credential
   */
  public static ClientProgram start(String name, String url, String key, String... arguments) {
    return start(name, Map.of("RUNCAST_URL", url, "RUNCAST_KEY", key), arguments);
  }

  /** The same, with these variables in its environment and no others of the clients. */
  public static ClientProgram start(
      String name, Map<String, String> environment, String... arguments) {
    Path clients = Installation.root().resolve("it/clients");
    if (!Files.isDirectory(Installation.root().resolve("node_modules/@trigger.dev/sdk"))) {
      throw new IllegalStateException("the official clients are not installed: run npm ci");
    }
    List<String> command = new ArrayList<>(List.of("node", "src/" + name + ".js"));
    command.addAll(List.of(arguments));
    try {
      Path errors = Files.createTempFile("runcast-it-client", ".log");
      ProcessBuilder builder = new ProcessBuilder(command).directory(clients.toFile());
      builder.environment().keySet().removeIf(variable -> variable.startsWith("TRIGGER_"));
      builder.environment().putAll(environment);
      return new ClientProgram(builder.redirectError(errors.toFile()).start(), errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, with the node's own secret key. */
  public static ClientProgram start(String name, Node node, String... arguments) {
    return start(name, node.url(), node.secretKey(), arguments);
  }

  /** All facts so far. */
  public List<Fact> facts() {
    return List.copyOf(facts);
  }

  /** The values of all facts of one name so far. */
  public List<JsonNode> told(String name) {
    return facts.stream().filter(fact -> fact.name().equals(name)).map(Fact::value).toList();
  }

  /** The value of the first fact of this name, once it was told. */
  public JsonNode await(String name) {
    return await(name, value -> true);
  }

  /** The value of the first fact of this name that is so, once it was told. */
  public JsonNode await(String name, Predicate<JsonNode> expected) {
    Await.until(
        "the client to tell: " + name,
        () -> {
          boolean over = !process.isAlive() && !reader.isAlive();
          if (told(name).stream().noneMatch(expected)) {
            if (over) {
              throw new Ended("the client has ended\n" + this);
            }
            return false;
          }
          return true;
        },
        this::toString);
    return told(name).stream().filter(expected).findFirst().orElseThrow();
  }

  /** Says a line to the program, which answers with the next fact of this name. */
  public JsonNode ask(String name) {
    int before = told(name).size();
    try {
      process.getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException gone) {
      throw new Ended("the client has ended\n" + this);
    }
    Await.until("the client to answer", () -> told(name).size() > before, this::toString);
    return told(name).get(before);
  }

  /** Returns when it has ended by itself, and in good order. */
  public ClientProgram awaitEnd() {
    try {
      if (!process.waitFor(Await.BOUND.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the client does not end\n" + this);
      }
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    if (process.exitValue() != 0) {
      throw new AssertionError("the client ended with " + process.exitValue() + "\n" + this);
    }
    return this;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** What it told, and what it complained of. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    facts.forEach(fact -> text.append(fact).append('\n'));
    return text.append(complaints()).toString();
  }

  /** What it wrote to its standard error. */
  public String complaints() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        facts.add(fact(line));
      }
    } catch (IOException gone) {
      // The process was ended: what it told until then stands.
    }
  }

  /** Libraries print as they like; that is no fact, but is kept to be seen. */
  private static Fact fact(String line) {
    try {
      JsonNode fact = JSON.readTree(line);
      if (fact != null && fact.path("name").isTextual()) {
        return new Fact(fact.get("name").asText(), fact.path("value"));
      }
    } catch (JsonProcessingException printed) {
      // Not JSON at all.
    }
    return new Fact("printed", JSON.getNodeFactory().textNode(line));
  }

  /** An error, not an exception: no wait goes on after it. */
  private static final class Ended extends AssertionError {
    private static final long serialVersionUID = 1;

    Ended(String message) {
      super(message);
    }
  }
}
