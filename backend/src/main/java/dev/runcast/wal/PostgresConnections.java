package dev.runcast.wal;

import dev.runcast.config.PostgresAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens the reader's JDBC connections, and can break all of them from another thread: the one way
 * to get a thread out of a blocking read.
 */
final class PostgresConnections {
  private static final String CONNECT_TIMEOUT_SECONDS = "10";
  private static final String MIN_SERVER_VERSION = "15";

  private final PostgresAddress server;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean broken;

  PostgresConnections(PostgresAddress server) {
    this.server = server;
  }

  /** An ordinary one, in autocommit. A statement that gets no answer for this long fails. */
  Connection openOrdinary(String name, int answerTimeoutSeconds) throws SQLException {
    Properties properties = properties(name);
    properties.setProperty("socketTimeout", Integer.toString(answerTimeoutSeconds));
    return open(properties);
  }

  /** One that speaks the replication protocol and SQL as simple queries. */
  Connection openReplication(String name) throws SQLException {
    Properties properties = properties(name);
    properties.setProperty("replication", "database");
    properties.setProperty("preferQueryMode", "simple");
    return open(properties);
  }

  private Properties properties(String name) {
    Properties properties = server.jdbcProperties();
    properties.setProperty("ApplicationName", name);
    properties.setProperty("assumeMinServerVersion", MIN_SERVER_VERSION);
    properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
    properties.setProperty("loginTimeout", CONNECT_TIMEOUT_SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }

  private Connection open(Properties properties) throws SQLException {
    Connection connection = DriverManager.getConnection(server.jdbcUrl(), properties);
    open.add(connection);
    if (broken) {
      abort(connection);
      throw new SQLException("the reader is stopping");
    }
    return connection;
  }

  /** Closes one, politely. Never throws: a connection that can't be closed is as good as closed. */
  void close(Connection connection) {
    open.remove(connection);
    try {
      connection.close();
    } catch (SQLException e) {
      abort(connection);
    }
  }

  /** Breaks one, from any thread: whoever waits on it gets an exception. */
  void abort(Connection connection) {
    open.remove(connection);
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // Postgres notices by itself, within the sender timeout at the latest.
      open.remove(connection);
    }
  }

  /** Breaks all of them, and those still to be opened. */
  void abortAll() {
    broken = true;
    Set.copyOf(open).forEach(this::abort);
  }
}
