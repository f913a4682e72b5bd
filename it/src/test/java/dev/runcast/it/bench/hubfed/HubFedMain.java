package dev.runcast.it.bench.hubfed;

import dev.runcast.cluster.ChangeBus;
import dev.runcast.config.PostgresAddress;
import dev.runcast.it.bench.Pace;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process: the service's public port over a real database, but fed with made-up changes. Says
 * {@code port N} when it listens, then takes commands as lines of JSON, {@code {"perSecond",
 * "millis", "feeds", "metadata"}}, and answers each when it is done with {@code {"changes": N}}.
 */
public final class HubFedMain {
  private static final long HORIZON_MILLIS = 1_000;

  private final ChangeBus bus;
  private final MadeUpChanges changes = new MadeUpChanges();
  private final BlockingQueue<JsonObject> commands = new LinkedBlockingQueue<>();
  private long horizonAt;

  private HubFedMain(ChangeBus bus) {
    this.bus = bus;
  }

  /** Takes the database's URL from {@code DATABASE_URL}: it holds a password. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, TimeoutException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    ChangeBus bus = new ChangeBus(vertx, 16 << 20);
    PostgresAddress database = PostgresAddress.parse(System.getenv("DATABASE_URL"));
    int port = HubFedService.deploy(vertx, database, bus).await(30, TimeUnit.SECONDS);
    HubFedMain main = new HubFedMain(bus);
    Thread feeder = new Thread(main::feed, "feeder");
    feeder.setDaemon(true);
    feeder.start();
    System.out.println("port " + port);
    main.listen();
    System.exit(0);
  }

  private void listen() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      commands.add(new JsonObject(line));
    }
  }

  private void feed() {
    try {
      while (true) {
        beat();
        JsonObject command = commands.poll(HORIZON_MILLIS / 4, TimeUnit.MILLISECONDS);
        if (command != null) {
          System.out.println(new JsonObject().put("changes", run(command)).encode());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long run(JsonObject command) {
    int feeds = command.getInteger("feeds");
    String metadata = command.getString("metadata");
    Pace pace =
        new Pace(command.getDouble("perSecond"), Duration.ofMillis(command.getLong("millis")));
    long[] made = {0};
    pace.run(
        count -> {
          beat();
          bus.publish(changes.next(count, feeds, metadata));
          made[0] += count;
        });
    return made[0];
  }

  private void beat() {
    long now = System.nanoTime() / 1_000_000;
    if (now - horizonAt >= HORIZON_MILLIS) {
      horizonAt = now;
      bus.publish(changes.horizon());
    }
  }
}
