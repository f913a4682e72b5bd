package dev.runcast.app.tenant;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Secret;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import dev.runcast.embedded.DataDirectory;
import dev.runcast.keys.Credential;
import dev.runcast.keys.KeyVault;
import dev.runcast.keys.MasterKey;
import java.util.Optional;
import java.util.Set;

/**
 * The secrets that are given by settings or kept in private files, never in the database. Made once
 * at start; blocks while it reads and writes the files.
 *
 * @param vault opens the stored secret keys
 * @param personalToken the first one; absent when it was made elsewhere and is not kept here
 */
record KeptSecrets(KeyVault vault, Optional<Secret> personalToken) {
  private static final String MASTER_FILE = "encryption.key";
  private static final String TOKEN_FILE = "personal.token";

  /**
   * What the database says about secrets.
   *
   * @param masterKeyIds of the keys that sealed what is stored
   * @param anyPersonalToken whether there is one
   */
  record Stored(Set<String> masterKeyIds, boolean anyPersonalToken) {}

  /**
   * Reads them, and makes those that have never been.
   *
   * @throws CannotStartException if what is stored was sealed with a key that is not here
   */
  static KeptSecrets open(Settings settings, Stored stored) {
    MasterKey master = masterKey(settings, stored);
    Set<String> others = new java.util.TreeSet<>(stored.masterKeyIds());
    others.remove(master.id());
    if (!others.isEmpty()) {
      throw new CannotStartException(
          "The stored secret keys were sealed with the encryption key %s and not with %s, which is in use: restore that one as %s or as %s."
              .formatted(
                  String.join(", ", others),
                  master.id(),
                  settings.database().dataDir().resolve(MASTER_FILE),
                  Setting.ENCRYPTION_KEY.label()));
    }
    return new KeptSecrets(new KeyVault(master), personalToken(settings, stored));
  }

  private static MasterKey masterKey(Settings settings, Stored stored) {
    Optional<Secret> preset = settings.security().encryptionKey();
    if (preset.isPresent()) {
      return MasterKey.parse(preset.get());
    }
    DataDirectory files = DataDirectory.open(settings.database().dataDir());
    return files
        .read(MASTER_FILE)
        .map(text -> fromFile(files, text))
        .orElseGet(() -> newMasterKey(files, stored));
  }

  private static MasterKey fromFile(DataDirectory files, String text) {
    try {
      return MasterKey.parse(new Secret(text));
    } catch (IllegalArgumentException e) {
      throw new CannotStartException(
          files.resolve(MASTER_FILE)
              + " does not hold an encryption key (32 bytes in base64): restore it from a backup.",
          e);
    }
  }

  private static MasterKey newMasterKey(DataDirectory files, Stored stored) {
    if (!stored.masterKeyIds().isEmpty()) {
      throw new CannotStartException(
          "The encryption key that opens the stored secret keys is lost: restore it as %s, or give it as %s."
              .formatted(files.resolve(MASTER_FILE), Setting.ENCRYPTION_KEY.label()));
    }
    MasterKey made = MasterKey.generate();
    files.write(MASTER_FILE, made.text().reveal());
    return made;
  }

  private static Optional<Secret> personalToken(Settings settings, Stored stored) {
    Optional<Secret> preset = settings.security().personalToken();
    if (preset.isPresent()) {
      return preset;
    }
    DataDirectory files = DataDirectory.open(settings.database().dataDir());
    Optional<Secret> kept = files.read(TOKEN_FILE).map(Secret::new);
    if (kept.isPresent() || stored.anyPersonalToken()) {
      return kept;
    }
    Secret made = Credential.newPersonalToken().text();
    files.write(TOKEN_FILE, made.reveal());
    return Optional.of(made);
  }
}
