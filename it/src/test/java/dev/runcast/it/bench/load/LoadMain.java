package dev.runcast.it.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The process of the load generator. Takes commands as lines of JSON on standard input and answers
 * each with one: {@code open}, {@code reset}, {@code read}, {@code close}, {@code post}. Ends with
 * its input.
 */
public final class LoadMain {
  private static final long OPEN_WITHIN_NANOS = 60_000_000_000L;

  private final ConnectionLoop loop;
  private final ConcurrentLinkedQueue<String> commands = new ConcurrentLinkedQueue<>();

  private LoadMain() throws IOException {
    loop = new ConnectionLoop();
  }

  public static void main(String[] arguments) throws IOException {
    LoadMain main = new LoadMain();
    Thread input = new Thread(main::listen, "commands");
    input.setDaemon(true);
    input.start();
    main.run();
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        commands.add(line);
        loop.wakeup();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  private void run() throws IOException {
    while (true) {
      loop.turn(1_000);
      for (String command = commands.poll(); command != null; command = commands.poll()) {
        System.out.println(answer(new JsonObject(command)));
      }
    }
  }

  private String answer(JsonObject command) {
    try {
      return take(command).encode();
    } catch (IOException | RuntimeException e) {
      return "error " + e.getMessage();
    }
  }

  private JsonObject take(JsonObject command) throws IOException {
    JsonObject done = new JsonObject();
    switch (command.getString("do")) {
      case "open" -> done = loop.open(wanted(command), System.nanoTime() + OPEN_WITHIN_NANOS);
      case "reset" -> loop.reset();
      case "read" -> done = loop.read();
      case "close" -> loop.closeAll();
      case "post" -> done = PostLoop.run(posting(command));
      default -> throw new IllegalArgumentException("there is no command " + command);
    }
    return done;
  }

  private static ConnectionLoop.Wanted wanted(JsonObject command) {
    return new ConnectionLoop.Wanted(
        command.getInteger("port"),
        command.getInteger("count"),
        command.getInteger("feeds"),
        command.getInteger("eventsEach"),
        command.getString("path"),
        command.getString("token"),
        command.getBoolean("polls"),
        command.getString("stamp"),
        command.getInteger("subscriptions"));
  }

  private static PostLoop.Wanted posting(JsonObject command) {
    return new PostLoop.Wanted(
        command.getInteger("port"),
        command.getInteger("connections"),
        command.getInteger("millis"),
        command.getString("path"),
        command.getString("token"),
        command.getString("body"));
  }
}
