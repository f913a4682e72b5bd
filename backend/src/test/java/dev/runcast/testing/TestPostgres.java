package dev.runcast.testing;

import dev.runcast.config.PostgresAddress;
import dev.runcast.config.Secret;
import io.vertx.pgclient.PgConnectOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/**
 * A throwaway Postgres for tests: one server a JVM, started at first use and stopped with the JVM,
 * and a migrated database of its own for whoever asks.
 */
public final class TestPostgres {
  private static final String TEMPLATE = "migrated";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private TestPostgres() {}

  /** One migrated, otherwise empty database. */
  public record TestDatabase(int port, String name) {

    public String jdbcUrl() {
      return "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=postgres";
    }

    public PostgresAddress address() {
      return new PostgresAddress(
          "127.0.0.1", port, name, "postgres", new Secret(""), "disable", Optional.empty());
    }

    public PgConnectOptions options() {
      return new PgConnectOptions()
          .setHost("127.0.0.1")
          .setPort(port)
          .setDatabase(name)
          .setUser("postgres");
    }

    public Connection connect() throws SQLException {
      return DriverManager.getConnection(jdbcUrl());
    }

    /** Runs statements in one implicit transaction, as psql would with {@code -c}. */
    public void execute(String sql) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Drops its replication slots, each once Postgres has noticed that its reader is gone. */
    public void dropSlots() {
      Await.until(
          "the slots of " + name + " to be let go of",
          () -> {
            execute(
                """
                select pg_drop_replication_slot(slot_name) from pg_replication_slots
                where database = current_database() and not active""");
            return hasNoSlots();
          });
    }

    private boolean hasNoSlots() {
      try (Connection connection = connect();
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "select from pg_replication_slots where database = current_database()")) {
        return !row.next();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A new database with the schema of the newest migration. */
  public static TestDatabase database() {
    String name = "test_" + COUNT.incrementAndGet();
    TestDatabase maintenance = new TestDatabase(Server.PORT, "postgres");
    maintenance.execute("create database " + name + " template " + TEMPLATE);
    return new TestDatabase(Server.PORT, name);
  }

  /** Holds the server, so that it starts with the first test that needs one. */
  private static final class Server {
    static final int PORT = start();

    private static int start() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_replication_slots", "20")
                .setServerConfig("max_wal_senders", "20")
                .setServerConfig("max_connections", "200")
                .start();
        int port = server.getPort();
        new TestDatabase(port, "postgres").execute("create database " + TEMPLATE);
        Flyway.configure()
            .dataSource(new TestDatabase(port, TEMPLATE).jdbcUrl(), "postgres", "")
            .load()
            .migrate();
        return port;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
