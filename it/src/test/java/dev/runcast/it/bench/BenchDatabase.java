package dev.runcast.it.bench;

import dev.runcast.config.PostgresAddress;
import dev.runcast.embedded.DataDirectory;
import dev.runcast.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/**
 * The embedded Postgres as it is shipped, durable as it is, in a directory that goes with it, with
 * the schema and one environment.
 */
public final class BenchDatabase implements AutoCloseable {
  private final DataDirectory.Lock lock;
  private final EmbeddedPostgres postgres;
  private final Path directory;

  private BenchDatabase(DataDirectory.Lock lock, EmbeddedPostgres postgres, Path directory) {
    this.lock = lock;
    this.postgres = postgres;
    this.directory = directory;
  }

  static BenchDatabase start(Path directory) {
    DataDirectory data = DataDirectory.open(directory);
    DataDirectory.Lock lock = data.lock();
    BenchDatabase database = new BenchDatabase(lock, EmbeddedPostgres.start(data, lock), directory);
    database.migrate();
    return database;
  }

  private void migrate() {
    PostgresAddress address = address();
    Flyway.configure()
        .dataSource(address.jdbcUrl(), address.user(), address.password().reveal())
        .load()
        .migrate();
  }

  public PostgresAddress address() {
    return postgres.address();
  }

  /** For the service: a URL with the password in it. */
  public String url() {
    PostgresAddress address = address();
    return "postgres://%s:%s@%s:%d/%s?sslmode=disable"
        .formatted(
            address.user(),
            URLEncoder.encode(address.password().reveal(), StandardCharsets.UTF_8),
            address.host(),
            address.port(),
            address.database());
  }

  /** For programs of Postgres's own: how to connect, by libpq's variables. */
  public Map<String, String> libpq() {
    PostgresAddress address = address();
    return Map.of(
        "PGHOST", address.host(),
        "PGPORT", Integer.toString(address.port()),
        "PGDATABASE", address.database(),
        "PGUSER", address.user(),
        "PGPASSWORD", address.password().reveal());
  }

  public Connection connect() {
    try {
      return DriverManager.getConnection(address().jdbcUrl(), address().jdbcProperties());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs one statement; its first value, or an empty text when it gives none. */
  public String run(String sql, Object... parameters) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      if (!statement.execute()) {
        return "";
      }
      try (ResultSet row = statement.getResultSet()) {
        return row.next() ? String.valueOf(row.getString(1)) : "";
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Makes runs {@code PREFIX0} and on, with this metadata. */
  public void insertRuns(String environment, String prefix, int count, String metadata) {
    run(
        """
        insert into run (environment_id, id, task_identifier, status, payload, payload_type,
          metadata, metadata_type, queue)
        select ?, ? || i, 'bench', 'EXECUTING', '{}', 'application/json', ?, 'application/json',
          'task/bench'
        from generate_series(0, ? - 1) i
        on conflict (environment_id, id) do update set metadata = excluded.metadata""",
        environment,
        prefix,
        metadata,
        count);
  }

  /** Of the server and all its processes. */
  public long postmasterPid() {
    try {
      List<String> lines =
          Files.readAllLines(directory.resolve("cluster").resolve("postmaster.pid"));
      return Long.parseLong(lines.get(0).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    postgres.close();
    lock.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
