package dev.runcast.it.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** An environment whose secret key the benchmark knows. */
public final class Tenant {
  public static final String SECRET_KEY = "tr_dev_bench0123456789012345678901234567890123456789";

  /** The key that the whole service is started with. */
  public static final String SERVICE_KEY = "tr_dev_service01234567890123456789012345678901234567";

  /** What the command line tool shows. */
  public static final String PERSONAL_TOKEN = "tr_pat_benchPersonalToken0123456789abcdef";

  /** What seals the stored keys, whichever directory a service is given. */
  public static final String ENCRYPTION_KEY = "ab".repeat(32);

  private Tenant() {}

  /** Makes the environment, which no key opens. */
  public static void createWithoutKey(BenchDatabase database, String environment) {
    database.run(
        "insert into project (id, reference, name) values (?, ?, 'bench') on conflict do nothing",
        environment,
        environment);
    database.run(
        "insert into environment (id, project_id, slug) values (?, ?, 'bench')"
            + " on conflict do nothing",
        environment,
        environment);
  }

  /** Makes the environment, with a key that can be recognised and not be opened. */
  public static void create(BenchDatabase database, String environment) {
    createWithoutKey(database, environment);
    database.run(
        "insert into secret_key (digest, environment_id, sealed, master_key_id)"
            + " values (?, ?, '\\x00', 'bench') on conflict do nothing",
        sha256(SECRET_KEY),
        environment);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
