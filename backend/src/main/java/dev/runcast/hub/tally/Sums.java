package dev.runcast.hub.tally;

/**
 * What a subscriber asks for of what its feed adds up to.
 *
 * @param counts how many runs are in each status
 * @param digest the digest of all versions; only of who hears the rows
 * @param buckets with the first digest those of the parts of the feed
 */
public record Sums(boolean counts, boolean digest, boolean buckets) {
  public static final Sums NONE = new Sums(false, false, false);

  /** Whether nothing is asked for. */
  public boolean isNone() {
    return !counts && !digest;
  }
}
