package dev.runcast.it.harness;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** Somebody with SQL who writes runs: no part of the service takes part in it. */
public final class RunWriter {
  private final TestDatabase database;
  private final String environment;

  public RunWriter(TestDatabase database, String environment) {
    this.database = database;
    this.environment = environment;
  }

  /** What is done in one transaction. */
  @FunctionalInterface
  public interface Work {
    void in(Transaction transaction) throws SQLException;
  }

  /** Writes within a transaction that is not over yet. */
  public final class Transaction {
    private final Connection connection;

    private Transaction(Connection connection) {
      this.connection = connection;
    }

    public String insert(NewRun run) throws SQLException {
      TestDatabase.execute(
          connection,
          """
          insert into run (environment_id, id, status, task_identifier, tags, batch_id, parent_id,
            payload, payload_type)
          values (?, ?, ?, 'it-task', ?, ?, ?, ?, 'application/json')
          """,
          environment,
          run.id(),
          run.status(),
          connection.createArrayOf("text", run.tags().toArray()),
          run.batch(),
          run.parent(),
          run.payload());
      return run.id();
    }

    /**
     * Changes a run.
     *
     * @param assignments as in {@code status = 'EXECUTING', output = ?}
     */
    public void update(String run, String assignments, Object... parameters) throws SQLException {
      Object[] all = new Object[parameters.length + 2];
      System.arraycopy(parameters, 0, all, 0, parameters.length);
      all[parameters.length] = environment;
      all[parameters.length + 1] = run;
      int rows =
          TestDatabase.execute(
              connection,
              "update run set " + assignments + " where environment_id = ? and id = ?",
              all);
      if (rows != 1) {
        throw new SQLException(rows + " rows are " + run);
      }
    }

    /** Any other statement. */
    public int execute(String sql, Object... parameters) throws SQLException {
      return TestDatabase.execute(connection, sql, parameters);
    }

    /** The session that it is in. */
    public Connection connection() {
      return connection;
    }
  }

  /** Does it all in one transaction, and commits. */
  public void transact(Work work) {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      work.in(new Transaction(connection));
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Inserts a run and gives its id. */
  public String insert(NewRun run) {
    transact(transaction -> transaction.insert(run));
    return run.id();
  }

  /** Changes a run. */
  public void update(String run, String assignments, Object... parameters) {
    transact(transaction -> transaction.update(run, assignments, parameters));
  }

  /** Inserts so many runs like this one in one statement, ids with a number at their end. */
  public void insertMany(int count, NewRun like) {
    transact(
        transaction ->
            transaction.execute(
                """
                insert into run (environment_id, id, task_identifier, tags, payload, payload_type)
                select ?, ? || '_' || n, 'it-task', ?, ?, 'application/json'
                from generate_series(1, ?) n
                """,
                environment,
                like.id(),
                transaction.connection().createArrayOf("text", like.tags().toArray()),
                like.payload(),
                count));
  }

  /** A batch that runs can be in. */
  public String insertBatch(int count) {
    String id = NewRun.name("batch");
    database.execute(
        "insert into batch (environment_id, id, run_count) values (?, ?, ?)",
        environment,
        id,
        count);
    return id;
  }

  /**
   * What the table holds of a feed, to be compared with {@link TableRows#of(ClientModel)}.
   *
   * @param where a condition on {@code run}, beside the environment
   */
  public Map<String, String> rows(String where, Object... parameters) {
    return TableRows.read(database, environment, where, parameters);
  }

  public String environment() {
    return environment;
  }

  public TestDatabase database() {
    return database;
  }
}
