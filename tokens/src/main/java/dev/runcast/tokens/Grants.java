package dev.runcast.tokens;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a token's bearer may do: a set of scopes, in the order in which they were given.
 *
 * <p>The only place that knows the wildcards. A granted scope covers a needed one when it is the
 * bare {@code admin}; or when its action is the same or {@code *}, and its type is {@code all}, or
 * the same with no id (every thing of the type) or with the same id. {@code admin:runs} is no
 * wildcard, {@code write:tasks} does not grant {@code trigger:tasks}, and a bare action other than
 * {@code admin} grants nothing.
 */
public record Grants(Set<Scope> scopes) {
  private static final String ADMIN = "admin";
  private static final String ANY_ACTION = "*";
  private static final String ANY_TYPE = "all";

  private static final Grants NONE = new Grants(Set.of());
  private static final Grants EVERYTHING = of(ADMIN);

  public Grants {
    scopes = Collections.unmodifiableSet(new LinkedHashSet<>(scopes));
  }

  /** Grants nothing; what a token without {@code scopes} has. */
  public static Grants none() {
    return NONE;
  }

  /** Grants everything in its environment; what the secret key itself may do. */
  public static Grants everything() {
    return EVERYTHING;
  }

  /**
   * The grants of written scopes.
   *
   * @throws IllegalArgumentException if one of them does not follow {@link Scope}'s grammar
   */
  public static Grants of(String... scopes) {
    return parse(Arrays.asList(scopes));
  }

  /** As {@link #of(String...)}. */
  public static Grants parse(Collection<String> scopes) {
    return collect(scopes.stream().map(Scope::parse));
  }

  /**
   * The grants of a token that somebody else signed. A scope that cannot be read grants nothing,
   * rather than spoil the others: a later format may know scopes that this one does not.
   */
  static Grants readable(Collection<String> scopes) {
    return collect(scopes.stream().flatMap(text -> Scope.tryParse(text).stream()));
  }

  private static Grants collect(Stream<Scope> scopes) {
    return new Grants(scopes.collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  /** Whether some granted scope covers the needed one. */
  public boolean allows(Scope needed) {
    return scopes.stream().anyMatch(granted -> covers(granted, needed));
  }

  /**
   * Whether one of the needed scopes is covered: for a thing that may be reached by several ways,
   * such as a run by its id, its task, its tags or its batch.
   */
  public boolean allowsAny(Collection<Scope> needed) {
    return needed.stream().anyMatch(this::allows);
  }

  /** Whether each needed scope is covered. Needing nothing is taken for a mistake, and refused. */
  public boolean allowsAll(Collection<Scope> needed) {
    return !needed.isEmpty() && needed.stream().allMatch(this::allows);
  }

  /** The written scopes, in order. */
  public List<String> texts() {
    return scopes.stream().map(Scope::toString).toList();
  }

  private static boolean covers(Scope granted, Scope needed) {
    String type = granted.type();
    if (type == null) {
      return granted.action().equals(ADMIN);
    }
    if (!granted.action().equals(ANY_ACTION) && !granted.action().equals(needed.action())) {
      return false;
    }
    String id = granted.id();
    return type.equals(ANY_TYPE)
        || (type.equals(needed.type()) && (id == null || id.equals(needed.id())));
  }
}
