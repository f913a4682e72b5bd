package dev.runcast.it.bench.clients;

import dev.runcast.it.bench.BenchDatabase;
import dev.runcast.it.bench.Pace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Updates runs at a steady rate, each in a transaction of its own, and leaves in each when that
 * was, in a text that both ways of following a run tell as it is: so both are measured alike.
 */
final class StampWriter implements AutoCloseable {
  /** What stands before the time in each event. */
  static final String STAMP = "\"ttl\":\"";

  private final Connection connection;
  private final PreparedStatement update;
  private final String prefix;
  private final int runs;
  private long written;

  /**
   * @param prefix of the ids: {@code PREFIX0} and on, in turn
   */
  StampWriter(BenchDatabase database, String environment, String prefix, int runs) {
    this.prefix = prefix;
    this.runs = runs;
    try {
      connection = database.connect();
      update =
          connection.prepareStatement(
              """
              update run set
                ttl = to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
              where environment_id = ? and id = ?""");
      update.setString(1, environment);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes for as long as the pace lasts. */
  void run(Pace pace) {
    pace.run(this::write);
  }

  private void write(int due) {
    try {
      for (int i = 0; i < due; i++) {
        update.setString(2, prefix + written++ % runs);
        update.executeUpdate();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
