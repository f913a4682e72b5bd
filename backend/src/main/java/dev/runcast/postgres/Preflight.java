package dev.runcast.postgres;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.PostgresAddress;
import dev.runcast.config.Setting;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a Postgres must offer before we use it: its version, logical WAL, the replication right, a
 * free slot and a free sender. Blocks.
 */
public final class Preflight {
  // One row of facts. A managed Postgres grants replication by a role instead of the attribute.
  private static final String FACTS =
      """
      select current_setting('server_version') as version,
        current_setting('wal_level') as wal_level,
        current_user as me,
        pg_is_in_recovery() as standby,
        (select rolsuper or rolreplication or exists (
            select from pg_auth_members m join pg_roles g on g.oid = m.roleid
            where m.member = r.oid and g.rolname in ('rds_replication', 'azure_pg_admin'))
          from pg_roles r where rolname = current_user) as may_replicate,
        exists (select from pg_replication_slots where slot_name = '%s') as own_slot,
        current_setting('max_replication_slots')::int
          - (select count(*) from pg_replication_slots) as free_slots,
        current_setting('max_wal_senders')::int
          - (select count(*) from pg_stat_replication) as free_senders,
        current_setting('max_slot_wal_keep_size') as slot_keeps
      """;

  private final String slot;
  private final List<String> problems = new ArrayList<>();

  private Preflight(String slot) {
    this.slot = slot;
  }

  /**
   * Checks the database, all points at once.
   *
   * @return warnings: it works, but look at this
   * @throws CannotStartException one line for each point that fails
   */
  public static List<String> check(PostgresAddress address, String slot) {
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.jdbcProperties());
        Statement statement = connection.createStatement()) {
      Preflight preflight = new Preflight(slot);
      preflight.requireVersion(connection);
      if (preflight.problems.isEmpty()) {
        try (ResultSet facts = statement.executeQuery(FACTS.formatted(slot))) {
          facts.next();
          preflight.require(facts);
          return preflight.warnings(facts);
        }
      }
      throw new CannotStartException(String.join("\n", preflight.problems));
    } catch (SQLException e) {
      throw new CannotStartException(unreachable(address, e), e);
    }
  }

  private void requireVersion(Connection connection) throws SQLException {
    versionProblem(connection.getMetaData().getDatabaseMajorVersion()).ifPresent(problems::add);
  }

  /** What is wrong with a major version, if anything. */
  static Optional<String> versionProblem(int major) {
    return major >= 15 && major <= 18
        ? Optional.empty()
        : Optional.of(
            "This is Postgres "
                + major
                + " and Runcast needs 15 to 18: use one of these, or leave out "
                + Setting.DATABASE_URL.label()
                + " for the embedded one.");
  }

  private void require(ResultSet facts) throws SQLException {
    if (facts.getBoolean("standby")) {
      problems.add("This Postgres is a standby: name its primary.");
    }
    if (!facts.getString("wal_level").equals("logical")) {
      problems.add(
          "Postgres runs with wal_level=%s: run `alter system set wal_level = 'logical'` as its superuser and restart it."
              .formatted(facts.getString("wal_level")));
    }
    if (!facts.getBoolean("may_replicate")) {
      problems.add(
          "The user %s may not replicate: run `alter role \"%s\" replication` as a superuser."
              .formatted(facts.getString("me"), facts.getString("me")));
    }
    if (!facts.getBoolean("own_slot") && facts.getInt("free_slots") <= 0) {
      problems.add(
          "No replication slot is free for '%s': raise max_replication_slots and restart Postgres, or drop a slot that is no longer used."
              .formatted(slot));
    }
    if (facts.getInt("free_senders") <= 0) {
      problems.add("No WAL sender is free: raise max_wal_senders and restart Postgres.");
    }
    if (!problems.isEmpty()) {
      throw new CannotStartException(String.join("\n", problems));
    }
  }

  private List<String> warnings(ResultSet facts) throws SQLException {
    return facts.getString("slot_keeps").equals("-1")
        ? List.of(
            "max_slot_wal_keep_size is unlimited: while Runcast is down, Postgres keeps all WAL for"
                + " it and may fill its disk; set it to what the disk can spare, such as 10GB.")
        : List.of();
  }

  /**
   * @see <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">Error codes</a>
   */
  private static String unreachable(PostgresAddress address, SQLException e) {
    String cure =
        switch (String.valueOf(e.getSQLState())) {
          case "28P01", "28000" -> "correct the user or the password";
          case "3D000" -> "create the database, or correct its name";
          case "53300" -> "raise its max_connections, or free some";
          default -> "start it, or correct the address";
        };
    return "The database at %s can't be used (%s): %s in %s."
        .formatted(address.place(), reason(e), cure, Setting.DATABASE_URL.label());
  }

  private static String reason(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceAll("[.]$", "");
  }
}
