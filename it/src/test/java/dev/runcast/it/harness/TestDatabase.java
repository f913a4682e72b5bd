package dev.runcast.it.harness;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One database of a throwaway server, as a stranger with SQL sees it.
 *
 * @param user a role that may connect without a password
 */
public record TestDatabase(int port, String name, String user, String password) {

  /** What {@code --database-url} takes. */
  public String url() {
    String login = password.isEmpty() ? user : user + ":" + password;
    return "postgres://" + login + "@127.0.0.1:" + port + "/" + name + "?sslmode=disable";
  }

  /** The same database as somebody else. */
  public TestDatabase as(String otherUser) {
    return new TestDatabase(port, name, otherUser, "");
  }

  /** A connection of the caller's. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + name, user, password);
  }

  /** Runs one statement and commits it. */
  public int execute(String sql, Object... parameters) {
    try (Connection connection = connect()) {
      return execute(connection, sql, parameters);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  /** Runs statements as psql would: as they stand, in one implicit transaction. */
  public void script(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of the first row. */
  public String single(String sql, Object... parameters) {
    List<String> column = column(sql, parameters);
    if (column.isEmpty()) {
      throw new IllegalStateException("no row: " + sql);
    }
    return column.get(0);
  }

  /** The first column of all rows. */
  public List<String> column(String sql, Object... parameters) {
    try (Connection connection = connect();
        PreparedStatement statement = prepare(connection, sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  /** Runs one statement on a connection whose transaction is the caller's. */
  public static int execute(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, parameters)) {
      return statement.execute() ? 0 : statement.getUpdateCount();
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }
}
