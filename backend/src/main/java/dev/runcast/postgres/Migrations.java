package dev.runcast.postgres;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.PostgresAddress;
import java.util.Map;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema up to this version. Migrations only add, so that the version before this one
 * goes on working while nodes are replaced one by one; nodes that start together wait for each
 * other. Blocks.
 */
public final class Migrations {
  private Migrations() {}

  /**
   * Applies what is missing.
   *
   * @return how many were applied; 0 on an up-to-date schema
   * @throws CannotStartException if the schema is not ours to change
   */
  public static int run(PostgresAddress address) {
    try {
      return Flyway.configure()
          .dataSource(address.jdbcUrl(), null, null)
          .jdbcProperties(properties(address))
          .locations("classpath:db/migration")
          .cleanDisabled(true)
          .load()
          .migrate()
          .migrationsExecuted;
    } catch (FlywayException e) {
      throw new CannotStartException(
          "The schema in %s can't be brought up to date: %s"
              .formatted(address.place(), oneLine(String.valueOf(e.getMessage()))),
          e);
    }
  }

  private static Map<String, String> properties(PostgresAddress address) {
    return address.jdbcProperties().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().toString(), entry -> entry.getValue().toString()));
  }

  private static String oneLine(String message) {
    // What follows is advice for those who write migrations, not for those who run them.
    return message.replaceAll("(?s)Need more flexibility.*", "").replaceAll("\\s+", " ").strip();
  }
}
