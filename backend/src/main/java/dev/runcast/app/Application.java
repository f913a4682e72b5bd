package dev.runcast.app;

import dev.runcast.config.PostgresAddress;
import dev.runcast.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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

  /**
   * Starts what the settings ask for.
   *
   * @param vertx stays the caller's: to be closed after {@link #stop}, and on no thread of its own
   * @return fails with {@link dev.runcast.config.CannotStartException} for what the operator can
   *     put right, and then nothing runs any more
   */
  public static Future<Application> start(Vertx vertx, Settings settings) {
    Application application = new Application(vertx, settings);
    return application
        .startDatabase()
        .map(address -> application)
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

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }
}
