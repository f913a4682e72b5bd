package dev.runcast.app.tenant;

import dev.runcast.config.Secret;
import dev.runcast.config.Settings;
import dev.runcast.keys.KeyVault;
import dev.runcast.store.Database;
import dev.runcast.store.tenant.BranchTable;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.store.tenant.ProjectStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * Who may use this installation, once that is settled: the vault is open, and the first project,
 * environment and credentials are there.
 */
public record Tenancy(
    Tenants tenants, KeyVault vault, Tenants.Opened first, Optional<Secret> personalToken) {

  /**
   * Settles it on a migrated database; files are read and written on a worker thread.
   *
   * @return fails with {@link dev.runcast.config.CannotStartException} if the encryption key is
   *     lost or wrong
   */
  public static Future<Tenancy> settle(Vertx vertx, Database database, Settings settings) {
    ProjectStore projects = new ProjectStore(database);
    return stored(projects)
        .compose(stored -> vertx.executeBlocking(() -> KeptSecrets.open(settings, stored), false))
        .compose(
            kept -> {
              Tenants tenants =
                  new Tenants(
                      projects,
                      new BranchTable(database),
                      new KeyStore(database),
                      kept.vault(),
                      settings.security().previousKeyFor());
              return tenants
                  .first(settings.security(), kept.personalToken())
                  .map(first -> new Tenancy(tenants, kept.vault(), first, kept.personalToken()));
            });
  }

  private static Future<KeptSecrets.Stored> stored(ProjectStore projects) {
    return projects
        .masterKeyIds()
        .compose(ids -> projects.anyPersonalToken().map(any -> new KeptSecrets.Stored(ids, any)));
  }
}
