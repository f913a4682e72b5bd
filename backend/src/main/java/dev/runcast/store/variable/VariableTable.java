package dev.runcast.store.variable;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The environment variables of environments. */
public record VariableTable(Transaction transaction) {
  private static final String ALL =
      """
      select name, sealed, master_key_id, is_secret from environment_variable
      where environment_id = $1 order by name""";

  private static final String ONE =
      """
      select name, sealed, master_key_id, is_secret from environment_variable
      where environment_id = $1 and name = $2""";

  private static final String TAKEN =
      """
      select name from environment_variable
      where environment_id = $1 and name = any($2) order by name limit $3::integer""";

  private static final String PUT =
      """
      insert into environment_variable as v
        (environment_id, name, sealed, master_key_id, is_secret)
      values ($1, $2, $3, $4, coalesce($5::boolean, false))
      on conflict (environment_id, name) do update set sealed = excluded.sealed,
        master_key_id = excluded.master_key_id, is_secret = coalesce($5::boolean, v.is_secret),
        updated_at = clock_timestamp()""";

  private static final String COUNT =
      "select count(*) as total from environment_variable where environment_id = $1";

  private static final String REMOVE =
      "delete from environment_variable where environment_id = $1 and name = $2";

  /** All of an environment, by name. */
  public Future<List<SealedVariable>> all(EnvironmentId environment) {
    return transaction
        .query(ALL, Tuple.of(environment.value()))
        .map(
            rows -> {
              List<SealedVariable> variables = new ArrayList<>(rows.size());
              rows.forEach(row -> variables.add(variable(row)));
              return variables;
            });
  }

  public Future<Optional<SealedVariable>> find(EnvironmentId environment, String name) {
    return transaction.one(ONE, Tuple.of(environment.value(), name), VariableTable::variable);
  }

  /** Those of the names that are set, as many as the limit allows. */
  public Future<List<String>> taken(
      EnvironmentId environment, Collection<String> names, int limit) {
    Tuple values =
        Tuple.of(environment.value())
            .addArrayOfString(names.toArray(String[]::new))
            .addInteger(limit);
    return transaction
        .query(TAKEN, values)
        .map(
            rows -> {
              List<String> taken = new ArrayList<>(rows.size());
              rows.forEach(row -> taken.add(row.getString("name")));
              return taken;
            });
  }

  /**
   * Sets variables, those too that are set. By name, so that two who do this never wait in a
   * circle.
   */
  public Future<Void> put(EnvironmentId environment, List<SealedVariable> variables) {
    List<Tuple> rows =
        variables.stream()
            .sorted(Comparator.comparing(SealedVariable::name))
            .map(
                variable ->
                    Tuple.of(
                            environment.value(),
                            variable.name(),
                            variable.sealed(),
                            variable.masterKeyId())
                        .addBoolean(variable.secret()))
            .toList();
    return rows.isEmpty() ? Future.succeededFuture() : transaction.each(PUT, rows).mapEmpty();
  }

  /** How many an environment has. */
  public Future<Long> count(EnvironmentId environment) {
    return transaction
        .query(COUNT, Tuple.of(environment.value()))
        .map(rows -> rows.iterator().next().getLong("total"));
  }

  /** Removes a variable; false if there is none of this name. */
  public Future<Boolean> remove(EnvironmentId environment, String name) {
    return transaction
        .query(REMOVE, Tuple.of(environment.value(), name))
        .map(RowSet::rowCount)
        .map(removed -> removed > 0);
  }

  private static SealedVariable variable(Row row) {
    return new SealedVariable(
        row.getString("name"),
        row.getBuffer("sealed"),
        row.getString("master_key_id"),
        row.getBoolean("is_secret"));
  }
}
