package dev.runcast.postgres;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.PostgresAddress;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import dev.runcast.embedded.DataDirectory;
import dev.runcast.embedded.EmbeddedPostgres;
import java.util.Optional;

/**
 * The database that the settings name, ready to be connected to: one outside, or the embedded one,
 * which is then ours to stop. All calls block.
 */
public final class OpenDatabase implements AutoCloseable {
  private final PostgresAddress address;
  private final Runnable close;

  private OpenDatabase(PostgresAddress address, Runnable close) {
    this.address = address;
    this.close = close;
  }

  /** For the service: the embedded database is started, and belongs to this process alone. */
  public static OpenDatabase own(Settings.Database settings) {
    if (settings.outside().isPresent()) {
      return new OpenDatabase(settings.outside().get(), () -> {});
    }
    DataDirectory directory = DataDirectory.open(settings.dataDir());
    return start(directory, directory.lock());
  }

  /**
   * For a command: the same, but the embedded database of a running service is used with it, and
   * none is made.
   *
   * @throws CannotStartException where there is none: what a command said of one that it has just
   *     made would be true of no service
   */
  public static OpenDatabase share(Settings.Database settings) {
    if (settings.outside().isPresent()) {
      return own(settings);
    }
    if (!EmbeddedPostgres.existsIn(settings.dataDir())) {
      throw new CannotStartException(
          "There is no Runcast in %s: start one with `runcast up`, or say where yours is with %s or %s."
              .formatted(
                  settings.dataDir(), Setting.DATA_DIR.label(), Setting.DATABASE_URL.label()));
    }
    DataDirectory directory = DataDirectory.open(settings.dataDir());
    Optional<DataDirectory.Lock> lock = directory.tryLock();
    return lock.map(held -> start(directory, held))
        .orElseGet(
            () ->
                new OpenDatabase(
                    EmbeddedPostgres.running(directory).orElseGet(() -> own(settings).address()),
                    () -> {}));
  }

  /** How to reach it. */
  public PostgresAddress address() {
    return address;
  }

  @Override
  public void close() {
    close.run();
  }

  private static OpenDatabase start(DataDirectory directory, DataDirectory.Lock lock) {
    try {
      EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, lock);
      return new OpenDatabase(
          postgres.address(),
          () -> {
            postgres.close();
            lock.close();
          });
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }
}
