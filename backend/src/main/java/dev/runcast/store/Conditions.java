package dev.runcast.store;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code where} clause under construction and the parameters that it names. Only literals of this
 * package go into the text; every value from outside is a parameter.
 */
final class Conditions {
  private final List<String> clauses = new ArrayList<>();
  private final Tuple parameters = Tuple.tuple();

  /** Adds a clause, in which {@code %s} stands for the value's place. */
  Conditions and(String clause, Object value) {
    clauses.add(clause.formatted(bind(value)));
    return this;
  }

  /** Adds a clause without a value. */
  Conditions and(String clause) {
    clauses.add(clause);
    return this;
  }

  /** Adds a parameter and says how the text names it. */
  String bind(Object value) {
    parameters.addValue(value);
    return "$" + parameters.size();
  }

  String where() {
    return String.join(" and ", clauses);
  }

  Tuple parameters() {
    return parameters;
  }
}
