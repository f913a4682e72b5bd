package dev.runcast.wal;

import dev.runcast.config.PostgresAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Writes the files that {@code PgOutputDecoderTest} reads: one message of each kind, byte for byte
 * as a Postgres sends it. To be run by hand when a kind or a version is added:
 *
 * <pre>
 * java -cp ... dev.runcast.wal.CaptureGoldenBytes postgres://postgres@127.0.0.1:5432/postgres \
 *     backend/src/test/resources/pgoutput/pg18
 * </pre>
 *
 * The server needs {@code wal_level=logical}. The database is left with a table, a type and an
 * origin named golden, the slot is dropped.
 */
public final class CaptureGoldenBytes {
  private static final String SLOT = "golden";
  private static final String LAST = "the end";

  private static final String SCHEMA =
      """
      create type mood as enum ('fine');
      create table golden (id text primary key, n bigint, tags text[], at timestamptz, mood mood,
        wide text);
      alter table golden alter column wide set storage external;
      create publication runcast for table golden;
      select pg_replication_origin_create('golden')""";

  /** Each line is a transaction of its own. */
  private static final String[] WRITES = {
    "select pg_create_logical_replication_slot('golden', 'pgoutput')",
    """
    insert into golden values ('ä', -42, '{a,"b c",NULL}', '2026-01-02 03:04:05.678901+00', 'fine',
      repeat('x', 5000))""",
    "update golden set n = 43, at = null",
    "update golden set id = 'b'",
    "alter table golden replica identity full",
    "update golden set n = 44",
    "delete from golden",
    "truncate golden",
    "select pg_logical_emit_message(true, 'inside', 'of a transaction')",
    """
    select pg_replication_origin_session_setup('golden');
    insert into golden (id) values ('c')""",
    "select pg_logical_emit_message(false, '" + LAST + "', 'ünïcode')"
  };

  private final Path directory;
  private int updates;

  private CaptureGoldenBytes(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] args) throws SQLException, IOException {
    PostgresAddress address = PostgresAddress.parse(args[0]);
    Files.createDirectories(Path.of(args[1]));
    execute(address, SCHEMA);
    for (String write : WRITES) {
      execute(address, write);
    }
    new CaptureGoldenBytes(Path.of(args[1])).capture(address);
    execute(address, "select pg_drop_replication_slot('golden')");
  }

  private static void execute(PostgresAddress address, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.jdbcProperties());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void capture(PostgresAddress address) throws SQLException {
    ReplicationSettings settings =
        new ReplicationSettings(
            address, SLOT, ReplicationSettings.Limits.DEFAULT, ReplicationSettings.Pace.DEFAULT);
    PostgresConnections connections = new PostgresConnections(address);
    try (ReplicationConnection connection = ReplicationConnection.open(connections, settings)) {
      connection.start();
      boolean more = true;
      while (more) {
        if (connection.read() instanceof ReplicationConnection.Data data) {
          more = keep(bytes(data.payload()));
        }
      }
    }
  }

  private static byte[] bytes(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    return bytes;
  }

  /** Writes one down, unless there is one of its kind; false after the last. */
  private boolean keep(byte[] message) {
    String name =
        switch (message[0]) {
          case 'B' -> "begin";
          case 'C' -> "commit";
          case 'R' -> "relation";
          case 'Y' -> "type";
          case 'O' -> "origin";
          case 'I' -> "insert";
          case 'U' -> "update-" + ++updates;
          case 'D' -> "delete";
          case 'T' -> "truncate";
          case 'M' -> message[1] == 1 ? "message-inside" : "message";
          default -> throw new IllegalStateException("kind " + (char) message[0]);
        };
    Path file = directory.resolve(name + ".bin");
    try {
      if (!Files.exists(file)) {
        Files.write(file, message);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return !name.equals("message");
  }
}
