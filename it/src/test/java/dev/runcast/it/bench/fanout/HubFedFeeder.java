package dev.runcast.it.bench.fanout;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Ground;
import dev.runcast.it.bench.Pace;
import dev.runcast.it.bench.RowShape;
import dev.runcast.it.bench.Tenant;
import dev.runcast.it.bench.hubfed.HubFedMain;
import dev.runcast.it.bench.load.Load;
import dev.runcast.it.bench.process.Child;
import dev.runcast.it.bench.process.Usage;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Has the process of {@link HubFedMain} make changes up. */
final class HubFedFeeder implements Side.Feeder {
  private static final int EVENTS_BEFORE_LIVE = 3; // retry, snapshot, live

  private final Child server;
  private final BenchDatabase database;
  private final int port;

  private HubFedFeeder(Child server, BenchDatabase database, int port) {
    this.server = server;
    this.database = database;
    this.port = port;
  }

  static HubFedFeeder start(Ground ground) {
    BenchDatabase database = ground.database();
    Tenant.create(database, RowShape.ENVIRONMENT.value());
    List<String> flags = new ArrayList<>(ground.installation().jvmFlags());
    flags.addAll(Ground.FIXED_HEAP);
    Child server =
        ground
            .children()
            .java("hub-fed", flags, Map.of("DATABASE_URL", database.url()), HubFedMain.class);
    int port = Integer.parseInt(server.lineContaining("port ").substring("port ".length()));
    return new HubFedFeeder(server, database, port);
  }

  Usage usage() {
    return server.usage();
  }

  @Override
  public Load.Subscribers subscribers(Scenario scenario) {
    return new Load.Subscribers(
        port,
        scenario.subscribers(),
        scenario.feeds(),
        EVENTS_BEFORE_LIVE,
        Side.path(scenario.shape()),
        Tenant.SECRET_KEY);
  }

  @Override
  public void prepare(Scenario scenario) {
    database.insertRuns(
        RowShape.ENVIRONMENT.value(), "run_f", scenario.feeds(), scenario.shape().metadata());
  }

  @Override
  public long run(Pace pace, Scenario scenario) {
    JsonObject command =
        new JsonObject()
            .put("perSecond", pace.perSecond())
            .put("millis", pace.length().toMillis())
            .put("feeds", scenario.feeds())
            .put("metadata", scenario.shape().metadata());
    return new JsonObject(server.ask(command.encode())).getLong("changes");
  }
}
