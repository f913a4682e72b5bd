package dev.runcast.app.command;

import dev.runcast.app.tenant.Tenancy;
import dev.runcast.app.tenant.Tenants;
import dev.runcast.config.Settings;
import dev.runcast.postgres.Migrations;
import dev.runcast.postgres.OpenDatabase;
import dev.runcast.postgres.PoolAddress;
import dev.runcast.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;

/**
 * One piece of work on the database, and everything shut again: for commands. The embedded database
 * of a running service is used along with it; without one it is started for the while, and where it
 * was never made the command is refused. Blocks.
 */
final class OneShot {
  private OneShot() {}

  /**
   * Does the work and hands on what comes of it.
   *
   * @throws dev.runcast.config.CannotStartException for what the operator can put right
   */
  static <T> T run(Settings settings, Function<Tenants, Future<T>> work) {
    try (OpenDatabase open = OpenDatabase.share(settings.database())) {
      Migrations.run(open.address());
      Vertx vertx = Vertx.vertx();
      Database database =
          Database.open(vertx, PoolAddress.of(open.address()), Database.Size.DEFAULT);
      try {
        return Tenancy.settle(vertx, database, settings)
            .compose(tenancy -> work.apply(tenancy.tenants()))
            .await();
      } finally {
        database.close().await();
        vertx.close().await();
      }
    }
  }
}
