package dev.runcast.tokens;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One permission, written {@code action[:type[:id]]}: {@code read:runs:run_1}, {@code read:tags},
 * {@code admin}.
 *
 * <p>Only the first two colons separate, so an id may hold more of them ({@code read:tags:user:1}
 * is the tag {@code user:1}). The same record serves as what a token grants and as what a request
 * needs; {@link Grants} compares the two.
 *
 * @param type absent in a bare action
 * @param id absent when the scope is about every thing of its type
 */
public record Scope(String action, @Nullable String type, @Nullable String id) {

  /**
   * @throws IllegalArgumentException if a part is blank, if action or type holds a colon, or if
   *     there is an id without a type
   */
  public Scope {
    requireWord("action", action);
    if (type != null) {
      requireWord("type", type);
    }
    if (id != null && (id.isBlank() || type == null)) {
      throw new IllegalArgumentException("A scope's id must not be blank and needs a type");
    }
  }

  /** The scope of every thing of one type. */
  public static Scope of(String action, String type) {
    return new Scope(action, type, null);
  }

  /** The scope of one thing. */
  public static Scope of(String action, String type, String id) {
    return new Scope(action, type, id);
  }

  /**
   * Reads {@code action[:type[:id]]}; the inverse of {@link #toString}.
   *
   * @throws IllegalArgumentException if a part is blank
   */
  public static Scope parse(String text) {
    String[] parts = text.split(":", 3);
    return new Scope(
        parts[0], parts.length > 1 ? parts[1] : null, parts.length > 2 ? parts[2] : null);
  }

  /** As {@link #parse}, for texts from outside: empty instead of an exception. */
  static Optional<Scope> tryParse(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static void requireWord(String part, String value) {
    if (value.isBlank() || value.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "A scope's " + part + " must not be blank or hold a colon: write action:type:id");
    }
  }

  /** The written form, as it stands in a token. */
  @Override
  public String toString() {
    return action + (type == null ? "" : ":" + type) + (id == null ? "" : ":" + id);
  }
}
