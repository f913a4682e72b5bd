package dev.runcast.app;

import dev.runcast.cluster.ChangeBus;
import dev.runcast.config.CannotStartException;
import dev.runcast.config.PostgresAddress;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import dev.runcast.http.ApiVerticle;
import dev.runcast.http.ServerOptions;
import dev.runcast.postgres.Migrations;
import dev.runcast.postgres.OpenDatabase;
import dev.runcast.postgres.PoolAddress;
import dev.runcast.postgres.Preflight;
import dev.runcast.store.Database;
import dev.runcast.wal.ReplicationSettings;
import dev.runcast.wal.WalReader;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.net.BindException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that lives as long as the process, made in one place. A start that fails half way has
 * stopped what it had started when its future fails.
 */
public final class Application {
  private static final Logger log = LoggerFactory.getLogger(Application.class);

  /** What Vert.x takes for "a free port, the same one for every instance of a verticle". */
  private static final int ANY_PORT_FOR_ALL_LOOPS = -1;

  private static final int WAITING_QUERIES = 10_000;
  private static final Duration QUERY_PATIENCE = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final Settings settings;
  private final StopOrder running = new StopOrder();

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
    return blocking(() -> OpenDatabase.own(settings.database()))
        .compose(
            database -> {
              running.add(
                  "database", () -> blocking(Executors.callable(database::close)).mapEmpty());
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
    Database database =
        Database.open(
            vertx,
            PoolAddress.of(address),
            new Database.Size(settings.database().poolSize(), WAITING_QUERIES, QUERY_PATIENCE));
    running.add("pool", database::close);
    ChangeBus bus = new ChangeBus(vertx);
    return Tenancy.settle(vertx, database, settings)
        .compose(
            tenancy ->
                deploy(new Wiring(settings, database, tenancy, bus).apiParts(listen()))
                    .onSuccess(port -> startTail(address, bus))
                    .map(port -> welcome(tenancy, port)));
  }

  /** One verticle for each core; the port that all of them share. */
  private Future<Integer> deploy(ApiVerticle.Shared parts) {
    List<ApiVerticle> verticles = new CopyOnWriteArrayList<>();
    Supplier<ApiVerticle> next =
        () -> {
          ApiVerticle made = new ApiVerticle(parts);
          verticles.add(made);
          return made;
        };
    int loops = Runtime.getRuntime().availableProcessors();
    return vertx
        .deployVerticle(next, new DeploymentOptions().setInstances(loops))
        .onSuccess(id -> running.add("api", () -> vertx.undeploy(id)))
        .recover(e -> Future.failedFuture(nameTakenPort(e)))
        .map(id -> verticles.get(0).port());
  }

  private void startTail(PostgresAddress address, ChangeBus bus) {
    WalReader tail =
        new WalReader(
            ReplicationSettings.of(address, settings.tail()), bus::publish, InstantSource.system());
    running.add("tail", () -> blocking(Executors.callable(tail::stop)).mapEmpty());
    tail.start();
  }

  private HttpServerOptions listen() {
    Settings.Server server = settings.server();
    int port = server.port() == 0 ? ANY_PORT_FOR_ALL_LOOPS : server.port();
    return server
        .tls()
        .map(tls -> ServerOptions.tls(server.host(), port, tls.certificate(), tls.key()))
        .orElseGet(() -> ServerOptions.clear(server.host(), port));
  }

  private Throwable nameTakenPort(Throwable e) {
    return e instanceof BindException
        ? new CannotStartException(
            "Port %d on %s can't be had (%s): end what uses it, or choose another with %s."
                .formatted(
                    settings.server().port(),
                    settings.server().host(),
                    e.getMessage(),
                    Setting.PORT.label()),
            e)
        : e;
  }

  private Welcome welcome(Tenancy tenancy, int port) {
    return new Welcome(
        settings.server(), port, tenancy.first().secretKey(), tenancy.personalToken());
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }
}
