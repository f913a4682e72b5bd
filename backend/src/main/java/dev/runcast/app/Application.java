package dev.runcast.app;

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
import dev.runcast.store.KeyStore;
import dev.runcast.tokens.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.net.BindException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that lives as long as the process, made in one place. A start that fails half way has
 * stopped what it had started when its future fails.
 */
public final class Application {
  private static final Logger log = LoggerFactory.getLogger(Application.class);

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
    Database database = Database.open(vertx, PoolAddress.of(address), Database.Size.DEFAULT);
    running.add("pool", database::close);
    return Tenancy.settle(vertx, database, settings)
        .compose(tenancy -> deploy(database, tenancy).map(port -> welcome(tenancy, port)));
  }

  private Future<Integer> deploy(Database database, Tenancy tenancy) {
    ApiVerticle verticle =
        new ApiVerticle(
            new ApiVerticle.Shared(
                listen(),
                new KeyStore(database),
                key -> SigningKey.of(tenancy.vault().open(key.sealed().getBytes()).reveal()),
                InstantSource.system()));
    return vertx
        .deployVerticle(verticle)
        .onSuccess(id -> running.add("api", () -> vertx.undeploy(id)))
        .recover(e -> Future.failedFuture(nameTakenPort(e)))
        .map(id -> verticle.port());
  }

  private HttpServerOptions listen() {
    Settings.Server server = settings.server();
    return server
        .tls()
        .map(tls -> ServerOptions.tls(server.host(), server.port(), tls.certificate(), tls.key()))
        .orElseGet(() -> ServerOptions.clear(server.host(), server.port()));
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
