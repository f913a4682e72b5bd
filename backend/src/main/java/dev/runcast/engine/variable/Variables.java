package dev.runcast.engine.variable;

import dev.runcast.config.Secret;
import dev.runcast.engine.RefusedException;
import dev.runcast.engine.Requests.Repeatable;
import dev.runcast.keys.KeyVault;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import dev.runcast.store.variable.SealedVariable;
import dev.runcast.store.variable.VariableTable;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sets, tells and removes environment variables. Stateless but for the vault that seals them. */
public final class Variables {
  /** What a client is told instead of the value of a secret one. */
  public static final String REDACTED = "<redacted>";

  private static final int MAX_IN_ENVIRONMENT = 500;
  private static final int NAMED_IN_REFUSAL = 5;

  private final KeyVault vault;

  public Variables(KeyVault vault) {
    this.vault = vault;
  }

  /**
   * A request that may be repeated, its body told by a digest that nobody can guess values by who
   * has only the database.
   */
  public Optional<Repeatable> keyed(Optional<Repeatable> request) {
    return request.map(
        repeatable ->
            new Repeatable(
                repeatable.identity(),
                Buffer.buffer(vault.fingerprint(repeatable.bodyDigest().getBytes()))));
  }

  /** All of an environment as they may be told, by name. */
  public Future<List<Variable>> all(Transaction transaction, EnvironmentId environment) {
    return new VariableTable(transaction)
        .all(environment)
        .map(found -> found.stream().map(one -> told(environment, one)).toList());
  }

  /** The values of all of an environment by name, for whoever executes its tasks alone. */
  public Future<Map<String, String>> values(Transaction transaction, EnvironmentId environment) {
    return new VariableTable(transaction)
        .all(environment)
        .map(
            found -> {
              Map<String, String> values = new LinkedHashMap<>();
              found.forEach(one -> values.put(one.name(), opened(environment, one)));
              return values;
            });
  }

  private String opened(EnvironmentId environment, SealedVariable sealed) {
    return vault.open(sealed.sealed().getBytes(), place(environment, sealed.name())).reveal();
  }

  /** One as it may be told. */
  public Future<Variable> find(Transaction transaction, EnvironmentId environment, String name) {
    return new VariableTable(transaction)
        .find(environment, name)
        .map(found -> told(environment, found.orElseThrow(() -> unknown(name))));
  }

  /**
   * Sets variables, all or none.
   *
   * @param values by name
   * @param secret whether they are never to be told; null to leave those as they are that are set
   * @param override whether those may be set that are; otherwise one of them is refused
   */
  public Future<Void> set(
      Transaction transaction,
      EnvironmentId environment,
      Map<String, String> values,
      @Nullable Boolean secret,
      boolean override) {
    VariableTable table = new VariableTable(transaction);
    List<SealedVariable> sealed =
        values.entrySet().stream()
            .map(entry -> seal(environment, entry.getKey(), entry.getValue(), secret))
            .toList();
    return (override ? Future.<Void>succeededFuture() : requireFree(table, environment, values))
        .compose(free -> table.put(environment, sealed))
        .compose(put -> table.count(environment))
        .compose(Variables::requireRoom);
  }

  /** Gives a variable that is set another value. */
  public Future<Void> change(
      Transaction transaction, EnvironmentId environment, String name, String value) {
    VariableTable table = new VariableTable(transaction);
    return table
        .find(environment, name)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.failedFuture(unknown(name))
                    : table.put(environment, List.of(seal(environment, name, value, null))));
  }

  /** Removes a variable. */
  public Future<Void> remove(Transaction transaction, EnvironmentId environment, String name) {
    return new VariableTable(transaction)
        .remove(environment, name)
        .compose(
            removed -> removed ? Future.succeededFuture() : Future.failedFuture(unknown(name)));
  }

  private static Future<Void> requireFree(
      VariableTable table, EnvironmentId environment, Map<String, String> values) {
    return table
        .taken(environment, values.keySet(), NAMED_IN_REFUSAL)
        .compose(
            taken ->
                taken.isEmpty()
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        RefusedException.unprocessable(
                            "variables",
                            "There are variables already of the names "
                                + String.join(", ", taken)
                                + ": send override: true to set them anew.")));
  }

  private static Future<Void> requireRoom(long count) {
    return count <= MAX_IN_ENVIRONMENT
        ? Future.succeededFuture()
        : Future.failedFuture(
            RefusedException.unprocessable(
                "variables",
                "The environment would have %d variables, over the limit of %d; remove some first."
                    .formatted(count, MAX_IN_ENVIRONMENT)));
  }

  private SealedVariable seal(
      EnvironmentId environment, String name, String value, @Nullable Boolean secret) {
    byte[] sealed = vault.seal(new Secret(value), place(environment, name));
    return new SealedVariable(name, Buffer.buffer(sealed), vault.masterKeyId(), secret);
  }

  private Variable told(EnvironmentId environment, SealedVariable sealed) {
    if (Boolean.TRUE.equals(sealed.secret())) {
      return new Variable(sealed.name(), REDACTED, true);
    }
    return new Variable(sealed.name(), opened(environment, sealed), false);
  }

  private static String place(EnvironmentId environment, String name) {
    return "variable/" + environment.value() + "/" + name;
  }

  private static RefusedException unknown(String name) {
    return RefusedException.unknown(
        "There is no environment variable " + name + " in this environment.");
  }
}
