package dev.runcast.it.bench;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Updates runs at a steady rate, durably: what is due at a time is one transaction. */
public final class RowWriter implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement update;
  private final String prefix;
  private final int runs;
  private long written;

  /**
   * @param prefix of the ids: {@code PREFIX0} and on, in turn
   * @param metadata of each row from now on
   */
  public RowWriter(
      BenchDatabase database, String environment, String prefix, int runs, String metadata) {
    this.prefix = prefix;
    this.runs = runs;
    try {
      connection = database.connect();
      update =
          connection.prepareStatement(
              """
              update run set metadata = ?, attempt_count = attempt_count + 1
              where environment_id = ? and id = any(?)""");
      update.setString(1, metadata);
      update.setString(2, environment);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes for as long as the pace lasts; how many rows it were. */
  public long run(Pace pace) {
    long before = written;
    pace.run(this::write);
    return written - before;
  }

  private void write(int due) {
    try {
      for (int left = due; left > 0; ) {
        // A statement updates a row once only.
        int now = Math.min(left, runs);
        String[] ids = new String[now];
        for (int i = 0; i < now; i++) {
          ids[i] = prefix + written++ % runs;
        }
        Array array = connection.createArrayOf("text", ids);
        update.setArray(3, array);
        update.executeUpdate();
        left -= now;
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
