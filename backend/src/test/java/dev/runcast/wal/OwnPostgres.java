package dev.runcast.wal;

import dev.runcast.testing.TestPostgres.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/**
 * A Postgres of a test's own, for what one that others use must not suffer: restarts and crashes.
 */
final class OwnPostgres implements AutoCloseable {
  private final Path directory;
  private final Map<String, String> configuration;
  private EmbeddedPostgres server;
  final TestDatabase database;

  private OwnPostgres(Map<String, String> configuration) throws IOException {
    this.configuration = configuration;
    this.directory = Files.createTempDirectory("runcast-postgres");
    this.server = builder().start();
    this.database = new TestDatabase(server.getPort(), "postgres");
    Flyway.configure().dataSource(database.jdbcUrl(), "postgres", "").load().migrate();
    database.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env_a', 'p', 'a')""");
  }

  static OwnPostgres start(Map<String, String> configuration) {
    try {
      return new OwnPostgres(configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private EmbeddedPostgres.Builder builder() {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory)
            .setCleanDataDirectory(false)
            .setServerConfig("wal_level", "logical");
    configuration.forEach(builder::setServerConfig);
    return builder;
  }

  /** Stops it as an operator would, and starts it again at the same port. */
  void restart() throws IOException {
    int port = database.port();
    server.close();
    server = builder().setPort(port).start();
  }

  /** Kills one of its processes, so that it throws all of them out and recovers from the log. */
  void crash() {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly();
      statement.execute("select pg_sleep(60)");
      throw new AssertionError("Postgres went on as if nothing had happened");
    } catch (SQLException expected) {
      // the connection that was killed
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(directory)) {
      server.close();
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
