package dev.runcast.app.node;

import dev.runcast.app.tenant.Tenancy;
import dev.runcast.cluster.ChangeBus;
import dev.runcast.config.CannotStartException;
import dev.runcast.config.PostgresAddress;
import dev.runcast.config.Settings;
import dev.runcast.demo.DemoFleet;
import dev.runcast.engine.Requests;
import dev.runcast.engine.Runs;
import dev.runcast.engine.due.Timers;
import dev.runcast.engine.execution.Lapses;
import dev.runcast.engine.stream.ChunkWriter;
import dev.runcast.engine.stream.Streams;
import dev.runcast.http.inside.FeedCensus;
import dev.runcast.http.inside.InsideHandler;
import dev.runcast.http.server.ApiVerticle;
import dev.runcast.http.server.ManagementVerticle;
import dev.runcast.metrics.Metrics;
import dev.runcast.metrics.ServicePulse;
import dev.runcast.postgres.Migrations;
import dev.runcast.postgres.OpenDatabase;
import dev.runcast.postgres.PoolAddress;
import dev.runcast.postgres.Preflight;
import dev.runcast.store.Database;
import dev.runcast.store.Statistics;
import dev.runcast.wal.ReplicationSettings;
import dev.runcast.wal.WalReader;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that lives as long as the process, made in one place and in this order: database,
 * pool, credentials, the public port on every core, the tail. It stops in the reverse order. A
 * start that fails half way has stopped what it had started when its future fails.
 */
public final class Application {
  private static final Logger log = LoggerFactory.getLogger(Application.class);
  private static final int QUEUED_STATEMENTS = 10_000;
  private static final Duration STATEMENT_PATIENCE = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final Settings settings;
  private final StopOrder running = new StopOrder(StopOrder.PATIENCE);

  private Application(Vertx vertx, Settings settings) {
    this.vertx = vertx;
    this.settings = settings;
  }

  /** A running application, and where and how it is reached. */
  public record Started(Application application, Welcome welcome) {}

  /**
   * Starts what the settings ask for.
   *
   * @param vertx stays the caller's: to be closed after {@link #stop}, and on no thread of its own
   * @return fails with {@link CannotStartException} for what the operator can put right, and then
   *     nothing runs any more
   */
  public static Future<Started> start(Vertx vertx, Settings settings) {
    Application application = new Application(vertx, settings);
    return application
        .startDatabase()
        .compose(application::startServing)
        .map(welcome -> new Started(application, welcome))
        .recover(e -> application.stop().transform(stopped -> Future.failedFuture(e)));
  }

  /** Stops everything, the database last. Never fails; what did not stop cleanly is logged. */
  public Future<Void> stop() {
    return running.stop();
  }

  private Future<PostgresAddress> startDatabase() {
    return blocking(() -> Ports.check(vertx, settings.server()))
        .compose(free -> blocking(() -> OpenDatabase.own(settings.database())))
        .compose(
            database -> {
              running.add("database", () -> blocking(database::close));
              return blocking(() -> prepare(database.address()));
            });
  }

  private PostgresAddress prepare(PostgresAddress address) {
    Preflight.check(address, settings.tail().slot()).forEach(log::warn);
    int applied = Migrations.run(address);
    if (applied > 0) {
      log.info("schema brought up to date migrations={}", applied);
    }
    return address;
  }

  private Future<Welcome> startServing(PostgresAddress address) {
    Database database = openPool(address);
    ChangeBus bus = new ChangeBus(vertx, settings.tail().transactionBytes());
    Metrics metrics = Metrics.prometheus();
    running.add("metrics", () -> blocking(metrics::close));
    WalReader tail =
        new WalReader(
            ReplicationSettings.of(address, settings.tail()), bus::publish, InstantSource.system());
    metrics.watchTail(tail::retainedBytes);
    NodeHealth health =
        new NodeHealth(bus, database, tail::state, metrics, settings.tail().staleAfter());
    ServicePulse pulse = new ServicePulse(metrics);
    long beating =
        vertx.setPeriodic(ServicePulse.EVERY.toMillis(), timer -> pulse.beat(Instant.now()));
    running.add("pulse", () -> cancel(beating));
    Statistics statistics = new Statistics(database);
    long gathering = vertx.setPeriodic(Statistics.EVERY.toMillis(), timer -> statistics.keep());
    running.add("statistics", () -> cancel(gathering));
    Timers timers =
        new Timers(database, settings.retention(), lapses(database), InstantSource.system());
    Requests requests = new Requests(database, timers::dueAt);
    ChunkWriter chunks = new ChunkWriter(database, metrics::chunksStored);
    Streams streams =
        new Streams(
            database,
            requests,
            chunks,
            new Streams.Limits(settings.streams().chunkBytes(), settings.streams().perRun()));
    return Tenancy.settle(vertx, database, settings)
        .map(
            tenancy ->
                new ApiParts(
                    settings,
                    new ApiParts.Shares(
                        database,
                        requests,
                        streams,
                        metrics,
                        new InsideHandler.Sources(pulse, new FeedCensus(), health::position)),
                    tenancy))
        .compose(parts -> deploy("chunks", chunks).map(parts))
        .compose(parts -> startApi(parts.shared(bus)).map(port -> welcome(parts.tenancy(), port)))
        .compose(welcome -> deploy("timers", timers).map(welcome))
        .compose(welcome -> deploy("health", health).map(welcome))
        .compose(welcome -> deploy("management", management(health, metrics)).map(welcome))
        .onSuccess(welcome -> startTail(tail))
        .compose(this::startDemo);
  }

  private Lapses lapses(Database database) {
    return new Lapses(
        database,
        new Runs(ApiParts.engineLimits(settings.limits())),
        ApiParts.bounds(settings.engine()),
        InstantSource.system());
  }

  private Database openPool(PostgresAddress address) {
    Database.Size size =
        new Database.Size(settings.database().poolSize(), QUEUED_STATEMENTS, STATEMENT_PATIENCE);
    Database database = Database.open(vertx, PoolAddress.of(address), size);
    running.add("pool", database::close);
    return database;
  }

  private ManagementVerticle management(NodeHealth health, Metrics metrics) {
    return new ManagementVerticle(
        settings.server().managementHost(),
        settings.server().managementPort(),
        new ManagementVerticle.Sources(health::notReadyBecause, metrics::scrape));
  }

  // The tail comes after those that it feeds, so that they hear its first word.
  private void startTail(WalReader tail) {
    tail.start();
    running.add("tail", () -> blocking(tail::stop));
  }

  private Future<Welcome> startDemo(Welcome welcome) {
    return settings.demo()
        ? deploy(
                "demo", new DemoFleet(welcome.host(), welcome.port(), welcome.secretKey().reveal()))
            .map(welcome)
        : Future.succeededFuture(welcome);
  }

  private Future<String> deploy(String name, Deployable verticle) {
    return vertx
        .deployVerticle(verticle)
        .onSuccess(id -> running.add(name, () -> vertx.undeploy(id)));
  }

  private Future<Integer> startApi(ApiVerticle.Shared shared) {
    List<ApiVerticle> verticles = new CopyOnWriteArrayList<>();
    DeploymentOptions onEveryCore =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    return vertx
        .deployVerticle(() -> added(new ApiVerticle(shared), verticles), onEveryCore)
        .onSuccess(id -> running.add("api", () -> vertx.undeploy(id)))
        .map(id -> verticles.get(0).port());
  }

  private static <T> T added(T element, List<T> list) {
    list.add(element);
    return element;
  }

  private Welcome welcome(Tenancy tenancy, int port) {
    return new Welcome(
        settings.server(),
        port,
        tenancy.first().secretKey(),
        tenancy.personalToken(),
        settings.demo());
  }

  private Future<Void> cancel(long timer) {
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private Future<Void> blocking(Runnable work) {
    return blocking(Executors.callable(work)).mapEmpty();
  }
}
