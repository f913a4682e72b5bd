package dev.runcast.tokens;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which keys may have signed the tokens of an environment. A ring is a look-up, so that it may
 * stand on a map, a cache, or the one environment whose keys were just loaded.
 */
public final class KeyRing {
  private final Function<String, Optional<Keys>> lookup;

  private KeyRing(Function<String, Optional<Keys>> lookup) {
    this.lookup = lookup;
  }

  /**
   * A ring that asks a function, given the id of an environment. It is called on the thread that
   * verifies, once per token, with ids that nothing vouches for yet, and must not block.
   */
  public static KeyRing lookingUp(Function<String, Optional<Keys>> lookup) {
    return new KeyRing(lookup);
  }

  /** A ring of these environments. */
  public static KeyRing of(Map<String, Keys> keys) {
    Map<String, Keys> copy = Map.copyOf(keys);
    return new KeyRing(environment -> Optional.ofNullable(copy.get(environment)));
  }

  /** A ring of one environment. */
  public static KeyRing of(String environment, Keys keys) {
    return of(Map.of(environment, keys));
  }

  /** The keys of an environment, or empty if it is unknown. */
  public Optional<Keys> keysOf(String environment) {
    return lookup.apply(environment);
  }

  /**
   * The keys of one environment.
   *
   * @param current signs new tokens
   * @param previous keys that were rotated away, newest first
   */
  public record Keys(SigningKey current, List<Previous> previous) {
    public Keys {
      previous = List.copyOf(previous);
    }

    /** A key that was never rotated. */
    public static Keys of(SigningKey current) {
      return new Keys(current, List.of());
    }

    /** These keys after a rotation: the one that was current is accepted until the instant. */
    public Keys rotatedTo(SigningKey next, Instant previousValidUntil) {
      Previous last = new Previous(current, previousValidUntil);
      return new Keys(next, Stream.concat(Stream.of(last), previous.stream()).toList());
    }

    /** The keys whose signatures count at this instant, the current one first. */
    public List<SigningKey> acceptedAt(Instant now) {
      Stream<SigningKey> stillValid =
          previous.stream().filter(key -> now.isBefore(key.validUntil())).map(Previous::key);
      return Stream.concat(Stream.of(current), stillValid).toList();
    }
  }

  /**
   * A key that was rotated away.
   *
   * @param validUntil from this instant on its signatures are refused
   */
  public record Previous(SigningKey key, Instant validUntil) {}
}
