package dev.runcast.wal;

import dev.runcast.run.place.Lsn;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyDual;

/**
 * One connection in replication mode: start, read, acknowledge, close. Thin. Used by the reader's
 * thread alone, but for {@link #abort}.
 *
 * <p>It frames the streaming protocol itself, on the driver's copy interface, instead of using the
 * driver's replication stream: that one waits a millisecond whenever nothing is pending, and does
 * not tell a keepalive's LSN from a row's.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Streaming
 *     Replication Protocol</a>
 */
final class ReplicationConnection implements AutoCloseable {
  private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final String SLOT_IS_ACTIVE = "55006";
  private static final int CLOCK_CHECK_MASK = 0xff;

  /** What this Postgres server is, as {@code IDENTIFY_SYSTEM} tells. */
  record SystemIdentity(String systemIdentifier, int timeline) {}

  /** What Postgres sends. */
  sealed interface Received {}

  /** One message of the plugin. */
  record Data(ByteBuffer payload) implements Received {}

  /** Everything up to {@code sent} has been sent; Postgres may want an answer at once. */
  record Keepalive(Lsn sent, boolean wantsAnswer) implements Received {}

  private final PostgresConnections connections;
  private final Connection connection;
  private final ReplicationSettings settings;
  private @Nullable CopyDual copy;
  private Lsn acknowledged = Lsn.ZERO;
  private long lastStatusNanos = System.nanoTime();
  private int reads;

  private ReplicationConnection(
      PostgresConnections connections, Connection connection, ReplicationSettings settings) {
    this.connections = connections;
    this.connection = connection;
    this.settings = settings;
  }

  static ReplicationConnection open(PostgresConnections connections, ReplicationSettings settings)
      throws SQLException {
    Connection connection = connections.openReplication("runcast tail");
    ReplicationConnection opened = new ReplicationConnection(connections, connection, settings);
    try {
      opened.configure();
      return opened;
    } catch (SQLException e) {
      connections.abort(connection);
      throw e;
    }
  }

  /**
   * Lets Postgres notice soon that this node hangs or is cut off, and has it print times the short
   * way.
   */
  private void configure() throws SQLException {
    long timeout = settings.pace().senderTimeout().toMillis();
    try (Statement statement = connection.createStatement()) {
      statement.execute("set wal_sender_timeout = " + timeout);
      statement.execute("set tcp_user_timeout = " + timeout);
      statement.execute("set tcp_keepalives_idle = 5");
      statement.execute("set tcp_keepalives_interval = 2");
      statement.execute("set tcp_keepalives_count = 3");
      statement.execute("set timezone = 'UTC'");
      statement.execute("set datestyle = 'ISO'");
    }
  }

  SystemIdentity identifySystem() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
      row.next();
      return new SystemIdentity(row.getString("systemid"), row.getInt("timeline"));
    }
  }

  /** The Postgres process at the other end. */
  int processId() throws SQLException {
    return connection.unwrap(PGConnection.class).getBackendPID();
  }

  /**
   * Takes the slot and begins the stream at what was acknowledged last.
   *
   * @return false when another process has the slot
   */
  boolean start() throws SQLException {
    String command =
        "START_REPLICATION SLOT "
            + settings.slotName()
            + " LOGICAL 0/0 (proto_version '1', publication_names 'runcast', messages 'true')";
    try {
      copy = connection.unwrap(PGConnection.class).getCopyAPI().copyDual(command);
      return true;
    } catch (SQLException e) {
      if (SLOT_IS_ACTIVE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** The next thing that Postgres sends; waits for it. */
  Received read() throws SQLException {
    Received received = receive(true);
    if (received == null) {
      throw new SQLException("Postgres ended the replication stream");
    }
    return received;
  }

  /** The next thing that has come in already; null when nothing has. */
  @Nullable Received readPending() throws SQLException {
    return receive(false);
  }

  private @Nullable Received receive(boolean block) throws SQLException {
    if ((++reads & CLOCK_CHECK_MASK) == 0) {
      sendStatus(false);
    }
    byte[] bytes = started().readFromCopy(block);
    return bytes == null ? null : parse(ByteBuffer.wrap(bytes));
  }

  private static Received parse(ByteBuffer buffer) throws SQLException {
    byte kind = buffer.get();
    if (kind == 'w' && buffer.remaining() >= 24) {
      buffer.position(1 + 24); // its LSN, the server's LSN and clock
      return new Data(buffer);
    }
    if (kind == 'k' && buffer.remaining() == 17) {
      return new Keepalive(new Lsn(buffer.getLong()), buffer.get(1 + 16) != 0);
    }
    throw new SQLException("the replication stream holds what is neither data nor a keepalive");
  }

  /** From now on Postgres hears that everything up to here is done with. */
  void acknowledge(Lsn upTo) {
    acknowledged = upTo;
  }

  /** Tells Postgres how far we are, if it is time to or if it must be now. */
  void sendStatus(boolean now) throws SQLException {
    if (now || System.nanoTime() - lastStatusNanos >= settings.pace().status().toNanos()) {
      byte[] status = status();
      started().writeToCopy(status, 0, status.length);
      started().flushCopy();
      lastStatusNanos = System.nanoTime();
    }
  }

  /**
   * Ends the stream, and waits until Postgres has heard how far we are: one that is closed with
   * something still unread is reset, which takes back what was sent last.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc2525#section-2.17">RFC 2525, 2.17</a>
   */
  void end() throws SQLException {
    sendStatus(true);
    started().endCopy();
  }

  private byte[] status() {
    return ByteBuffer.allocate(34)
        .put((byte) 'r')
        .putLong(acknowledged.value())
        .putLong(acknowledged.value())
        .putLong(acknowledged.value())
        .putLong(ChronoUnit.MICROS.between(POSTGRES_EPOCH, Instant.now()))
        .put((byte) 0)
        .array();
  }

  private CopyDual started() {
    if (copy == null) {
      throw new IllegalStateException("the replication stream was not started");
    }
    return copy;
  }

  /** Breaks the connection, from any thread. */
  void abort() {
    connections.abort(connection);
  }

  @Override
  public void close() {
    connections.close(connection);
  }
}
