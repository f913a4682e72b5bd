package dev.runcast.it.bench.load;

import dev.runcast.it.bench.process.Child;
import dev.runcast.it.bench.process.Children;
import dev.runcast.it.bench.process.Usage;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** The load generator as those who use it see it: a process that is told what to do. */
public final class Load {
  /** For a small JVM that is no server. */
  public static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:-UsePerfData");

  private final Child child;

  private Load(Child child) {
    this.child = child;
  }

  /** What has come in since {@link #reset}; times in microseconds from commit to receipt. */
  public record Received(
      long deliveries, long bytes, long p50, long p90, long p99, long max, String lost) {
    static Received of(JsonObject json) {
      return new Received(
          json.getLong("deliveries"),
          json.getLong("bytes"),
          json.getLong("p50"),
          json.getLong("p90"),
          json.getLong("p99"),
          json.getLong("max"),
          json.getString("lost", ""));
    }

    public JsonObject toJson() {
      return JsonObject.mapFrom(this);
    }
  }

  /** Whom to subscribe to: see {@link ConnectionLoop.Wanted}. */
  public record Subscribers(
      int port,
      int count,
      int feeds,
      int eventsEach,
      String path,
      String token,
      boolean polls,
      String stamp,
      int subscriptions) {
    private static final String COMMIT = "\"committedAt\":\"";

    /** Each with a connection of its own. */
    public Subscribers(
        int port,
        int count,
        int feeds,
        int eventsEach,
        String path,
        String token,
        boolean polls,
        String stamp) {
      this(port, count, feeds, eventsEach, path, token, polls, stamp, 0);
    }

    /** By server-sent events, whose latency counts from the commit. */
    public Subscribers(int port, int count, int feeds, int eventsEach, String path, String token) {
      this(port, count, feeds, eventsEach, path, token, false, COMMIT);
    }

    /**
     * On so many sockets, with so many subscriptions each, of each run one, whose latency counts
     * from the commit.
     */
    public static Subscribers onSockets(
        int port, int sockets, int each, String path, String token) {
      return new Subscribers(
          port, sockets, sockets * each, 2 * each, path, token, false, COMMIT, each);
    }
  }

  public static Load start(String name, Children children) {
    return new Load(children.java(name, FLAGS, Map.of(), LoadMain.class));
  }

  /** Returns when all are open and have been sent what they are to begin with. */
  public JsonObject open(Subscribers wanted) {
    return ask(JsonObject.mapFrom(wanted).put("do", "open"));
  }

  public void reset() {
    ask(new JsonObject().put("do", "reset"));
  }

  /** Throws if a subscriber was hung up on. */
  public Received read() {
    Received received = Received.of(ask(new JsonObject().put("do", "read")));
    if (!received.lost.isEmpty()) {
      throw new IllegalStateException("lost " + received.lost);
    }
    return received;
  }

  public void closeAll() {
    ask(new JsonObject().put("do", "close"));
  }

  /** Sends one request after another on so many connections, and says how many got through. */
  public JsonObject post(int port, int connections, int millis, JsonObject request) {
    return ask(
        request
            .copy()
            .put("do", "post")
            .put("port", port)
            .put("connections", connections)
            .put("millis", millis));
  }

  public Usage usage() {
    return child.usage();
  }

  /** Ends the process, and all subscriptions with it. */
  public void stop() {
    child.close();
  }

  private JsonObject ask(JsonObject command) {
    return new JsonObject(child.ask(command.encode()));
  }
}
