package dev.runcast.wal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's pulse: writes a {@link HorizonMark} into the log at a steady pace, on a thread and a
 * connection of its own, and with the same statement looks whether Postgres still serves this
 * session. Where it does not, or where neither the pulse nor the stream gets through any more, the
 * session is cut: a read that waits on a dead connection would wait for ever.
 */
final class HorizonBeat {
  private static final Logger LOG = LoggerFactory.getLogger(HorizonBeat.class);
  private static final int ANSWER_TIMEOUT_SECONDS = 5;

  private final PostgresConnections connections;
  private final ReplicationSettings settings;
  private final ScheduledExecutorService thread;

  /** Written by the beat's thread, read by whoever asks. */
  private volatile long retainedBytes;

  private HorizonBeat(PostgresConnections connections, ReplicationSettings settings) {
    this.connections = connections;
    this.settings = settings;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread created = new Thread(task, "runcast-beat");
              created.setDaemon(true);
              return created;
            });
  }

  static HorizonBeat create(PostgresConnections connections, ReplicationSettings settings) {
    return new HorizonBeat(connections, settings);
  }

  /**
   * Beats for one session until {@link Pulse#stop}.
   *
   * @param silentNanos for how long the stream has brought nothing
   * @param cut ends the session; called from the beat's thread
   */
  Pulse start(ReplicationSession session, LongSupplier silentNanos, Runnable cut) {
    Pulse pulse = new Pulse(session, silentNanos, cut);
    pulse.schedule();
    return pulse;
  }

  /** How much of the log Postgres kept for the slot when a horizon was written last; 0 before. */
  long retainedBytes() {
    return retainedBytes;
  }

  void shutdown() {
    thread.shutdown();
  }

  /** The beat of one session. All of it runs on the beat's thread but {@link #stop}. */
  final class Pulse {
    private final ReplicationSession session;
    private final LongSupplier silentNanos;
    private final Runnable cut;
    private @Nullable ScheduledFuture<?> schedule;
    private @Nullable Connection connection;
    private boolean failing;

    private Pulse(ReplicationSession session, LongSupplier silentNanos, Runnable cut) {
      this.session = session;
      this.silentNanos = silentNanos;
      this.cut = cut;
    }

    private void schedule() {
      long interval = settings.pace().horizon().toNanos();
      schedule = thread.scheduleWithFixedDelay(this::beat, 0, interval, TimeUnit.NANOSECONDS);
    }

    /** One more right now, so that a reader that waits for something gets something. */
    void nudge() {
      thread.execute(this::beat);
    }

    void stop() {
      if (schedule != null) {
        schedule.cancel(false);
      }
      thread.execute(this::closeConnection);
    }

    private void beat() {
      try {
        if (!emit()) {
          LOG.warn("Postgres no longer serves the replication session; cutting it");
          cut.run();
        }
        failing = false;
      } catch (SQLException | RuntimeException e) {
        // Whatever it was: one exception that got through would end the schedule, and the pulse.
        closeConnection();
        if (!failing) {
          LOG.warn("no horizon could be written: {}", e.getMessage());
        }
        failing = true;
        cutWhenSilent();
      }
    }

    private void cutWhenSilent() {
      Duration patience = settings.pace().senderTimeout();
      if (silentNanos.getAsLong() > patience.toNanos()) {
        LOG.warn("neither the stream nor the beat gets through to Postgres; cutting the session");
        cut.run();
      }
    }

    /** Whether this session is still the one that Postgres serves. */
    private boolean emit() throws SQLException {
      try (PreparedStatement statement = connected().prepareStatement(HorizonMark.EMIT)) {
        statement.setString(1, settings.slotName());
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          retainedBytes = row.getLong(3);
          return row.getInt(2) == session.processId();
        }
      }
    }

    private Connection connected() throws SQLException {
      if (connection == null) {
        connection = connections.openOrdinary("runcast beat", ANSWER_TIMEOUT_SECONDS);
        try (Statement statement = connection.createStatement()) {
          // A standby that does not answer must not hold the pulse up; the flush here is enough.
          statement.execute("set synchronous_commit = local");
        }
      }
      return connection;
    }

    private void closeConnection() {
      if (connection != null) {
        connections.close(connection);
        connection = null;
      }
    }
  }
}
