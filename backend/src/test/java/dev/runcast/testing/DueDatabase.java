package dev.runcast.testing;

import static dev.runcast.testing.Await.await;

import dev.runcast.store.Database;
import dev.runcast.testing.TestPostgres.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database with one environment, as psql sees it and as the service does. */
public record DueDatabase(Vertx vertx, TestDatabase postgres, Database database) {

  public static DueDatabase open() {
    Vertx vertx = Vertx.vertx();
    TestDatabase postgres = TestPostgres.database();
    postgres.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env', 'p', 'dev')""");
    return new DueDatabase(
        vertx, postgres, Database.open(vertx, postgres.options(), Database.Size.DEFAULT));
  }

  /** Stops what was deployed before the database under it. */
  public void close() {
    await(Future.all(vertx.deploymentIDs().stream().map(vertx::undeploy).toList()));
    await(database.close());
    await(vertx.close());
  }

  public void execute(String sql) {
    postgres.execute(sql);
  }

  /** A run in a status; further columns and their values as SQL. */
  public void run(String id, String status, String columns, String values) {
    execute(
        "insert into run (environment_id, id, task_identifier, status%s) values ('env', '%s', 't', '%s'%s)"
            .formatted(
                columns.isEmpty() ? "" : ", " + columns,
                id,
                status,
                values.isEmpty() ? "" : ", " + values));
  }

  /** A time for a run, as SQL. */
  public void due(String kind, String run, String at) {
    execute(
        ("insert into due values ('%s', 'env', '%s', %s)"
                + " on conflict (kind, environment_id, ref) do update set at = excluded.at")
            .formatted(kind, run, at));
  }

  /** The first column of what a query finds, as text. */
  public List<String> texts(String sql) {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public String text(String sql) {
    return texts(sql).get(0);
  }

  public String statusOf(String run) {
    return text("select status from run where id = '" + run + "'");
  }
}
