package dev.runcast.wal;

import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.wal.ReplicationConnection.SystemIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the slot is there, and that every history of it has a row of its own in {@code
 * incarnation}. Used by the reader's thread, on one ordinary connection in autocommit.
 *
 * <p>The row is always written before the slot is made: a crash between the two costs a number, the
 * other way round it would leave a slot that passes for the old one. Nodes take turns by an
 * advisory lock, which goes with the connection. The publication is made by the migration.
 */
final class ReplicationSetup {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicationSetup.class);
  private static final long LOCK = 0x72756e63617374L; // "runcast"
  private static final String TOO_MANY_SLOTS = "53400";
  private static final int FIRST_VERSION_WITH_FAILOVER = 17;

  /** Whether the slot may be started now. */
  sealed interface Outcome {}

  /** It may. */
  record Ready() implements Outcome {}

  /** Another node has it. */
  record Taken() implements Outcome {}

  /** Nobody has it, and it can't be had yet. */
  record Unavailable(String reason) implements Outcome {}

  private record Slot(
      @Nullable String plugin, boolean isOurDatabase, boolean isLost, boolean isActive) {}

  private final Connection connection;
  private final String slotName;
  private final Runnable making;

  /**
   * @param making told before a slot is made, which may take as long as any transaction is open
   */
  ReplicationSetup(Connection connection, String slotName, Runnable making) {
    this.connection = connection;
    this.slotName = slotName;
    this.making = making;
  }

  /**
   * Makes the slot, or makes it anew when it is lost, and begins a new incarnation whenever the log
   * does not go on where the newest one stands. May wait for transactions that are open: a new slot
   * starts only where all of them have ended.
   */
  Outcome prepare(SystemIdentity identity) throws SQLException {
    Slot slot = slot();
    if (slot != null && slot.isActive()) {
      return new Taken();
    }
    if (slot != null && !slot.isLost() && isNewestIncarnation(identity)) {
      return usable(slot);
    }
    if (!lock()) {
      return new Unavailable("another node is preparing the replication slot");
    }
    try {
      return prepareAlone(identity);
    } finally {
      unlock();
    }
  }

  private Outcome usable(Slot slot) {
    if (!slot.isOurDatabase()) {
      return new Unavailable(
          "the replication slot "
              + slotName
              + " belongs to another database of this server; choose another slot name");
    }
    if (!"pgoutput".equals(slot.plugin())) {
      return new Unavailable(
          "the replication slot "
              + slotName
              + " uses the plugin "
              + slot.plugin()
              + " and not pgoutput; choose another slot name");
    }
    return new Ready();
  }

  /** Looks again, now that no other node can change what it sees. */
  private Outcome prepareAlone(SystemIdentity identity) throws SQLException {
    Slot slot = slot();
    if (slot != null && slot.isActive()) {
      return new Taken();
    }
    if (slot != null && !(usable(slot) instanceof Ready)) {
      return usable(slot);
    }
    boolean isMissing = slot == null || slot.isLost();
    if (isMissing || !isNewestIncarnation(identity)) {
      insertIncarnation(identity);
    }
    if (slot != null && slot.isLost()) {
      LOG.warn("replication slot {} is lost and is made anew", slotName);
      execute("select pg_drop_replication_slot(?)");
    }
    return isMissing ? create() : new Ready();
  }

  private @Nullable Slot slot() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select plugin, coalesce(database = current_database(), false),
              coalesce(wal_status = 'lost', false), active
            from pg_replication_slots where slot_name = ?""")) {
      statement.setString(1, slotName);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new Slot(row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getBoolean(4))
            : null;
      }
    }
  }

  private boolean isNewestIncarnation(SystemIdentity identity) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select (system_identifier, timeline, slot_name) = (?, ?, ?)
            from incarnation order by number desc limit 1""")) {
      bind(statement, identity);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private void insertIncarnation(SystemIdentity identity) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into incarnation (system_identifier, timeline, slot_name) values (?, ?, ?)")) {
      bind(statement, identity);
      statement.execute();
    }
  }

  private void bind(PreparedStatement statement, SystemIdentity identity) throws SQLException {
    statement.setString(1, identity.systemIdentifier());
    statement.setInt(2, identity.timeline());
    statement.setString(3, slotName);
  }

  private Outcome create() throws SQLException {
    making.run();
    boolean knowsFailover =
        connection.getMetaData().getDatabaseMajorVersion() >= FIRST_VERSION_WITH_FAILOVER;
    try {
      execute(
          knowsFailover
              ? "select pg_create_logical_replication_slot(?, 'pgoutput', false, false, true)"
              : "select pg_create_logical_replication_slot(?, 'pgoutput')");
      LOG.info("replication slot {} is made", slotName);
      return new Ready();
    } catch (SQLException e) {
      if (TOO_MANY_SLOTS.equals(e.getSQLState())) {
        return new Unavailable(
            "all replication slots are in use; drop one or raise max_replication_slots");
      }
      throw e;
    }
  }

  private void execute(String sqlOfSlot) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sqlOfSlot)) {
      statement.setString(1, slotName);
      statement.execute();
    }
  }

  private boolean lock() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_try_advisory_lock(" + LOCK + ")")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private void unlock() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select pg_advisory_unlock(" + LOCK + ")");
    }
  }

  /**
   * What the session that has just been started is. Read after the start: only then is the newest
   * incarnation certain to be the one of the slot that was got, and only then does the number rank
   * above that of every earlier leader.
   *
   * @param processId the process that must be serving the slot
   */
  ReplicationSession session(int processId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select i.number, i.nonce, nextval('replication_session'), s.confirmed_flush_lsn::text,
              pg_snapshot_xmax(pg_current_snapshot())::text::bigint
            from (select number, nonce from incarnation order by number desc limit 1) i,
              pg_replication_slots s
            where s.slot_name = ? and s.active_pid = ?""")) {
      statement.setString(1, slotName);
      statement.setInt(2, processId);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("the replication slot was lost as soon as it was got");
        }
        return new ReplicationSession(
            new Incarnation(row.getLong(1), row.getInt(2)),
            row.getLong(3),
            Lsn.parse(row.getString(4)),
            row.getLong(5),
            processId);
      }
    }
  }
}
