package dev.runcast.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.PostgresAddress;
import dev.runcast.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  // Unpacking and initdb take seconds, so they are done once, and each test gets a copy.
  @TempDir private static Path shared;
  private static Path template;

  private DataDirectory data;
  private DataDirectory.Lock lock;
  private Optional<EmbeddedPostgres> running = Optional.empty();

  @BeforeAll
  static void makeTemplate() {
    template = shared.resolve("template");
    DataDirectory directory = DataDirectory.open(template);
    try (DataDirectory.Lock held = directory.lock()) {
      EmbeddedPostgres.start(directory, held).close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    data = DataDirectory.open(Files.createTempDirectory(shared, "data"));
    lock = data.lock();
    try (Stream<Path> files = Files.list(template)) {
      for (Path file : files.toList()) {
        Path name = file.getFileName();
        if (name.toString().startsWith("postgres-")) {
          Files.createSymbolicLink(data.resolve(name.toString()), file);
        } else if (!name.endsWith("lock") && !name.endsWith("postgres.port")) {
          copy(file, data.resolve(name.toString()));
        }
      }
    }
  }

  @AfterEach
  void close() {
    running.ifPresent(EmbeddedPostgres::close);
    lock.close();
  }

  @Test
  void isDurableAndReadyForReplication() throws SQLException {
    EmbeddedPostgres postgres = start();

    assertThat(
            List.of(
                setting(postgres, "fsync"),
                setting(postgres, "synchronous_commit"),
                setting(postgres, "full_page_writes"),
                setting(postgres, "wal_level"),
                setting(postgres, "data_checksums"),
                setting(postgres, "listen_addresses"),
                setting(postgres, "server_encoding"),
                setting(postgres, "max_slot_wal_keep_size")))
        .containsExactly("on", "on", "on", "logical", "on", "127.0.0.1", "UTF8", "2GB");
  }

  @Test
  void letsNobodyInWithoutThePassword() {
    PostgresAddress right = start().address();
    PostgresAddress wrong =
        new PostgresAddress(
            right.host(),
            right.port(),
            right.database(),
            right.user(),
            new Secret("guessed"),
            right.sslMode(),
            right.sslRootCert());

    assertThatThrownBy(() -> DriverManager.getConnection(wrong.jdbcUrl(), wrong.jdbcProperties()))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  @Test
  void keepsItsPasswordToItsOwner() throws IOException {
    start();

    for (String name : List.of("postgres.password", "postgres.port")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void keepsRowsAndPortAcrossARestart() throws SQLException {
    EmbeddedPostgres first = start();
    execute(first, "create table kept as select 42 as answer");
    stop();

    EmbeddedPostgres second = start();

    assertThat(query(second, "select answer from kept")).isEqualTo("42");
    assertThat(second.address().port()).isEqualTo(first.address().port());
  }

  @Test
  void takesOverFromAnOwnerThatWasKilled() throws IOException, SQLException {
    EmbeddedPostgres orphaned = start();
    execute(orphaned, "create table kept as select 42 as answer");
    ProcessHandle orphan = ProcessHandle.of(postmaster()).orElseThrow();

    EmbeddedPostgres successor = start();

    assertThat(orphan.onExit()).succeedsWithin(Duration.ofSeconds(30));
    assertThat(postmaster()).isNotEqualTo(orphan.pid());
    assertThat(query(successor, "select answer from kept")).isEqualTo("42");
  }

  @Test
  void recoversWhenThePostmasterItselfWasKilled() throws IOException, SQLException {
    EmbeddedPostgres crashed = start();
    execute(crashed, "create table kept as select 42 as answer");
    ProcessHandle postmaster = ProcessHandle.of(postmaster()).orElseThrow();
    postmaster.destroyForcibly();
    postmaster.onExit().join();

    assertThat(query(start(), "select answer from kept")).isEqualTo("42");
  }

  @Test
  void leavesAloneAProcessThatOnlyInheritedThePid() throws IOException, SQLException {
    start();
    stop();
    long ourselves = ProcessHandle.current().pid();
    Files.writeString(
        data.resolve("cluster/postmaster.pid"), ourselves + "\n/elsewhere\n0\n5432\n");

    assertThat(query(start(), "select 1")).isEqualTo("1");
    assertThat(ProcessHandle.current().isAlive()).isTrue();
  }

  @Test
  void takesAnotherPortWhenItsOwnIsTaken() throws IOException, SQLException {
    int port = start().address().port();
    stop();

    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      EmbeddedPostgres moved = start();

      assertThat(moved.address().port()).isNotEqualTo(taken.getLocalPort());
      assertThat(query(moved, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void saysWhatIsLostWithThePassword() throws IOException {
    start();
    stop();
    Files.delete(data.resolve("postgres.password"));

    assertThatThrownBy(this::start)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContainingAll("postgres.password", "backup", "another data directory");
  }

  @Test
  void saysWhyItDoesNotStart() throws IOException {
    start();
    stop();
    Files.writeString(data.resolve("cluster/local.conf"), "shared_buffers = 'plenty'\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("shared_buffers");
  }

  @Test
  void oneProcessOwnsADirectory() {
    assertThatThrownBy(data::lock)
        .isInstanceOf(CannotStartException.class)
        .hasMessageContainingAll("Another Runcast", "--data-dir");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private EmbeddedPostgres start() {
    EmbeddedPostgres started = EmbeddedPostgres.start(data, lock);
    running = Optional.of(started);
    return started;
  }

  private void stop() {
    running.ifPresent(EmbeddedPostgres::close);
    running = Optional.empty();
  }

  private long postmaster() throws IOException {
    return new ClusterFiles(data.resolve("cluster")).postmasterPid().orElseThrow();
  }

  private static String setting(EmbeddedPostgres postgres, String name) throws SQLException {
    return query(postgres, "show " + name);
  }

  private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    PostgresAddress address = postgres.address();
    return DriverManager.getConnection(address.jdbcUrl(), address.jdbcProperties());
  }
}
