package dev.runcast.embedded;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.PostgresAddress;
import dev.runcast.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Optional;

/**
 * A running Postgres of our own, kept under the data directory and reachable by password on
 * loopback only. It is durable: what it has acknowledged survives a {@code kill -9} of everything.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final String CLUSTER = "cluster";
  private static final String DATABASE = "runcast";
  private static final String PASSWORD_FILE = "postgres.password";
  private static final String PORT_FILE = "postgres.port";
  private static final int PORTS_TRIED = 5;

  private final PostgresCluster cluster;
  private final PostgresAddress address;

  private EmbeddedPostgres(PostgresCluster cluster, PostgresAddress address) {
    this.cluster = cluster;
    this.address = address;
  }

  /**
   * Starts it, after making what is missing and stopping what a killed predecessor left running.
   * Blocks: 0.2 s as a rule, some seconds the first time.
   *
   * @param held proof that the directory is this process's alone; let go of it after {@link #close}
   * @throws CannotStartException with the cure
   */
  public static EmbeddedPostgres start(DataDirectory directory, DataDirectory.Lock held) {
    try {
      ClusterFiles files = new ClusterFiles(directory.resolve(CLUSTER));
      PostgresUser user = PostgresUser.choose(directory, files.directory());
      PostgresCluster cluster =
          new PostgresCluster(PostgresBinaries.unpack(directory), user, files);
      cluster.stopOrphan();
      String password = password(directory, files);
      cluster.ensureCreated(password);
      int port = startOnSomePort(cluster, files, directory);
      EmbeddedPostgres started = new EmbeddedPostgres(cluster, address(port, password));
      started.ensureDatabase(files.directory());
      return started;
    } catch (IOException e) {
      throw new CannotStartException(
          "The embedded Postgres can't use " + directory.root() + ": " + e.getMessage() + ".", e);
    }
  }

  /** Whether one was ever made under this data directory, which need not exist. */
  public static boolean existsIn(Path dataDir) {
    return Files.exists(dataDir.resolve(CLUSTER).resolve("PG_VERSION"));
  }

  /**
   * How to reach the one that another process has started from this directory; empty if none was
   * ever started there.
   */
  public static Optional<PostgresAddress> running(DataDirectory directory) {
    return directory
        .read(PORT_FILE)
        .flatMap(
            port ->
                directory
                    .read(PASSWORD_FILE)
                    .map(password -> address(Integer.parseInt(port), password)));
  }

  /** How to reach it. */
  public PostgresAddress address() {
    return address;
  }

  /** Stops it and waits until it is down. Whoever uses it has to be done before. */
  @Override
  public void close() {
    cluster.stop();
  }

  private static String password(DataDirectory directory, ClusterFiles files) throws IOException {
    Optional<String> known = directory.read(PASSWORD_FILE);
    if (known.isPresent()) {
      return known.get();
    }
    if (files.exist()) {
      throw new CannotStartException(
          directory.resolve(PASSWORD_FILE)
              + " is lost but the database that it opens is there: restore the file from a backup,"
              + " or choose another data directory.");
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    directory.write(PASSWORD_FILE, password);
    return password;
  }

  // The same port as last time if it is still free: connections saved in tools go on working.
  private static int startOnSomePort(
      PostgresCluster cluster, ClusterFiles files, DataDirectory directory) throws IOException {
    int port = directory.read(PORT_FILE).map(Integer::parseInt).orElse(0);
    for (int attempt = 0; attempt < PORTS_TRIED; attempt++) {
      port = freePort(port);
      if (cluster.start(port)) {
        directory.write(PORT_FILE, Integer.toString(port));
        return port;
      }
      port = 0;
    }
    throw new CannotStartException("The embedded Postgres does not start: " + files.lastWords());
  }

  private static int freePort(int wanted) throws IOException {
    try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException taken) {
      if (wanted == 0) {
        throw taken;
      }
      return freePort(0);
    }
  }

  private static PostgresAddress address(int port, String password) {
    return new PostgresAddress(
        "127.0.0.1",
        port,
        DATABASE,
        PostgresCluster.SUPERUSER,
        new Secret(password),
        "disable",
        Optional.empty());
  }

  // On a port that was taken in between, a stranger's server would answer: ask before use.
  private void ensureDatabase(Path directory) {
    PostgresAddress maintenance = address.withDatabase("postgres");
    try (Connection connection =
            DriverManager.getConnection(maintenance.jdbcUrl(), maintenance.jdbcProperties());
        Statement statement = connection.createStatement()) {
      String actual = single(statement, "show data_directory");
      if (!directory.toString().equals(actual)) {
        throw new SQLException("its data_directory is " + actual + ", not " + directory);
      }
      String count = "select count(*) from pg_database where datname = '" + DATABASE + "'";
      if (single(statement, count).equals("0")) {
        statement.execute("create database " + DATABASE);
      }
    } catch (SQLException e) {
      cluster.stop();
      throw new CannotStartException(
          "The embedded Postgres does not answer as it should: " + e.getMessage(), e);
    }
  }

  private static String single(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
