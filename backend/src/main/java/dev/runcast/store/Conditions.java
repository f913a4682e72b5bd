package dev.runcast.store;

import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code where} clause under construction and the parameters that it names. Only literals of this
 * package go into the text; every value from outside is a parameter.
 */
public final class Conditions {
  /** Comes after every character that an id may have. */
  private static final String AFTER_IDS = "{";

  private final List<String> clauses = new ArrayList<>();
  private final Tuple parameters = Tuple.tuple();

  /** Adds a clause, in which {@code %s} stands for the value's place. */
  public Conditions and(String clause, Object value) {
    clauses.add(clause.formatted(bind(value)));
    return this;
  }

  /** Adds a clause without a value. */
  public Conditions and(String clause) {
    clauses.add(clause);
    return this;
  }

  /**
   * Adds the bounds of a time.
   *
   * @param from at or after this; null for no bound
   * @param to at or before this; null for no bound
   */
  public Conditions createdWithin(String column, @Nullable Instant from, @Nullable Instant to) {
    if (from != null) {
      and(column + " >= %s", from.atOffset(ZoneOffset.UTC));
    }
    if (to != null) {
      and(column + " <= %s", to.atOffset(ZoneOffset.UTC));
    }
    return this;
  }

  /**
   * Adds that an id begins with one of these texts, as a range for each, which an index serves.
   *
   * @param column of ids, in the order of the collation C, of letters, digits and underscores
   * @param prefixes none for any id
   */
  public Conditions beginsWithAny(String column, Collection<String> prefixes) {
    List<String> ranges = new ArrayList<>();
    for (String prefix : prefixes) {
      String from = column + " >= " + bind(prefix);
      ranges.add(from + " and " + column + " < " + bind(prefix + AFTER_IDS));
    }
    if (!ranges.isEmpty()) {
      clauses.add("(" + String.join(" or ", ranges) + ")");
    }
    return this;
  }

  /**
   * Adds where a page of a list begins.
   *
   * @param order the pair of columns by which the list is ordered
   */
  public Conditions beyond(String order, Page page) {
    beyond(order, "<", page.after());
    beyond(order, ">", page.before());
    return this;
  }

  private void beyond(String order, String comparison, Page.@Nullable Place place) {
    if (place != null) {
      String time = bind(place.createdAt().atOffset(ZoneOffset.UTC));
      and(order + " " + comparison + " (" + time + ", %s)", place.id());
    }
  }

  /** Adds a parameter and says how the text names it. */
  public String bind(Object value) {
    parameters.addValue(value);
    return "$" + parameters.size();
  }

  public String where() {
    return String.join(" and ", clauses);
  }

  public Tuple parameters() {
    return parameters;
  }
}
