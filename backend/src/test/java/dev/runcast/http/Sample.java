package dev.runcast.http;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A call that a route answers.
 *
 * @param route as the router names it
 * @param makes the table to which it adds a row; null for none
 */
record Sample(
    String route,
    String path,
    Gate gate,
    Contents contents,
    @Nullable String makes,
    Set<Trait> traits) {

  /** Who may use a route. */
  enum Access {
    /** Anybody. */
    OPEN,
    /** Only who holds the secret key. */
    KEY,
    /** Also who holds a public token with the right scopes. */
    SCOPES
  }

  /** Whether a call has a body. */
  enum Body {
    NONE,
    OPTIONAL,
    REQUIRED
  }

  /** Of what kind a body must be. */
  enum Kind {
    /** A JSON object. */
    OBJECT,
    /** JSON of any kind. */
    JSON,
    /** JSON objects, one a line. */
    LINES,
    /** Anything. */
    BYTES
  }

  /**
   * The body of a call.
   *
   * @param type its content type
   */
  record Contents(Body need, Kind kind, String type, String text) {}

  /**
   * Who may make a call.
   *
   * @param scopes each of which will do; scopes with a blank between are needed together
   */
  record Gate(Access access, Set<String> scopes) {}

  /** What is special about a call. */
  enum Trait {
    /** It is answered by a feed, which goes on. */
    FEED,
    /** Who asks from the same machine needs no credential. */
    LOCAL,
    /** The name in its path need not stand for anything yet. */
    NEW_NAME
  }

  Sample with(String json) {
    return contents(new Contents(Body.REQUIRED, Kind.OBJECT, contents.type, json));
  }

  Sample maybeWith(String json) {
    return contents(new Contents(Body.OPTIONAL, Kind.OBJECT, contents.type, json));
  }

  Sample takes(Kind kind) {
    return contents(new Contents(contents.need, kind, contents.type, contents.text));
  }

  Sample typed(String type) {
    return contents(new Contents(contents.need, contents.kind, type, contents.text));
  }

  private Sample contents(Contents others) {
    return new Sample(route, path, gate, others, makes, traits);
  }

  Sample making(String table) {
    return new Sample(route, path, gate, contents, table, traits);
  }

  Sample at(String other) {
    return new Sample(route, other, gate, contents, makes, traits);
  }

  Sample that(Trait trait) {
    Set<Trait> more = EnumSet.of(trait);
    more.addAll(traits);
    return new Sample(route, path, gate, contents, makes, more);
  }

  boolean is(Trait trait) {
    return traits.contains(trait);
  }

  boolean hasBody() {
    return contents.need != Body.NONE;
  }

  String method() {
    return route.substring(0, route.indexOf(' '));
  }

  @Override
  public String toString() {
    return method() + " " + path;
  }

  static Sample sample(String route, String path, String... scopes) {
    return of(route, path, new Gate(Access.SCOPES, new TreeSet<>(Arrays.asList(scopes))));
  }

  static Sample keyOnly(String route, String path) {
    return of(route, path, new Gate(Access.KEY, Set.of()));
  }

  static Sample open(String route, String path) {
    return of(route, path, new Gate(Access.OPEN, Set.of()));
  }

  static Sample feed(String route, String path, String... scopes) {
    return sample(route, path, scopes).that(Trait.FEED);
  }

  private static Sample of(String route, String path, Gate gate) {
    Contents none = new Contents(Body.NONE, Kind.OBJECT, "application/json", "");
    return new Sample(route, path, gate, none, null, Set.of());
  }
}
