package dev.runcast.http.realtime.socket;

import dev.runcast.http.realtime.sse.FeedServer;
import dev.runcast.http.server.ServerOptions;
import dev.runcast.hub.Hub;
import dev.runcast.run.RunStatus;
import dev.runcast.subscribe.Limits;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A server for sockets, whose clock a test sets, and what is written there. */
final class SocketWorld implements AutoCloseable {
  private static final String KEY = "?access_token=" + FeedServer.SECRET;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  final FeedServer server;

  SocketWorld() {
    this(ServerOptions.clear("127.0.0.1", 0));
  }

  SocketWorld(HttpServerOptions listen) {
    server =
        new FeedServer(
                listen, FeedServer.unhurried(), new Limits(5_000, 2), Hub.Budgets.DEFAULT, now::get)
            .startOn(vertx);
  }

  int port() {
    return server.port();
  }

  /** A socket of who holds the secret key. */
  SocketClient open() {
    return SocketClient.open(port(), KEY);
  }

  /** So much time passes, and every connection is visited. */
  void pass(Duration time) {
    passWithoutRounds(time);
    server.round();
  }

  void passWithoutRounds(Duration time) {
    now.set(now.get().plus(time));
  }

  void commit(String run, long version, RunStatus status, String... tags) {
    server.commit(server.table.row(run, version, status, "1", tags));
  }

  void large(String run, long version) {
    server.commit(
        server.table.row(run, version, RunStatus.EXECUTING, "\"" + "x".repeat(20_000) + "\""));
  }

  String token(String scope, Duration life) {
    return new TokenIssuer(FeedServer.ENV.value(), SigningKey.of(FeedServer.SECRET))
        .issue(Grants.of(scope), Expiry.at(now.get().plus(life)));
  }

  /** How many versions a subscription was told of until the last. */
  static int lastTold(SocketClient client, String name, long last) {
    int told = 0;
    while (true) {
      JsonObject next = client.next();
      if (name.equals(next.getString("subscription")) && next.getString("event").equals("run")) {
        told++;
        if (version(next) == last) {
          return told;
        }
      }
    }
  }

  static JsonObject command(String type, String name) {
    return new JsonObject().put("type", type).put("subscription", name);
  }

  static JsonObject subscribe(String name, String feed, String token) {
    return command("subscribe", name).put("feed", feed).put("token", token);
  }

  static long version(JsonObject told) {
    JsonObject data = told.getJsonObject("data");
    return data.containsKey("runs")
        ? data.getJsonArray("runs").getJsonObject(0).getLong("version")
        : data.getLong("version");
  }

  static int status(JsonObject told) {
    return told.getJsonObject("data").getInteger("status");
  }

  static String rows(List<JsonObject> told) {
    return told.stream().map(JsonObject::encode).reduce("", String::concat);
  }

  /** The node goes down in good order. */
  void stop() {
    vertx.undeploy(server.deploymentID()).await();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
