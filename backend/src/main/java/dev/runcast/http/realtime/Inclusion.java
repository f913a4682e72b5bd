package dev.runcast.http.realtime;

import dev.runcast.http.ApiException;
import dev.runcast.hub.tally.Sums;
import java.util.Set;

/**
 * What a feed of several runs tells beside its rows, or instead of them.
 *
 * @param rows whether it tells rows at all
 */
record Inclusion(boolean rows, Sums sums) {
  private static final String COUNTS = "counts";
  private static final String DIGEST = "digest";
  private static final String BUCKETS = "buckets";

  /**
   * @param fromNow whether the client holds only what happens from now on
   */
  static Inclusion of(FeedQuery query, boolean fromNow) {
    Set<String> asked = query.list("include");
    if (!Set.of(COUNTS, DIGEST, BUCKETS).containsAll(asked)) {
      throw ApiException.badRequest(
          "include", "include must name counts, digest or buckets, with commas between them.");
    }
    Sums sums =
        new Sums(
            asked.contains(COUNTS),
            asked.contains(DIGEST) || asked.contains(BUCKETS),
            asked.contains(BUCKETS));
    Inclusion inclusion = new Inclusion(rows(query), sums);
    if (!inclusion.rows) {
      checkRowless(query, sums, fromNow);
    } else if (sums.digest() && fromNow) {
      throw ApiException.badRequest(
          "include", "include=digest is of all runs of the feed; leave out after=now.");
    }
    return inclusion;
  }

  private static boolean rows(FeedQuery query) {
    String rows = query.one("rows");
    if (rows != null && !rows.equals("none")) {
      throw ApiException.badRequest("rows", "rows must be none; leave it out to be told rows.");
    }
    return rows == null;
  }

  private static void checkRowless(FeedQuery query, Sums sums, boolean fromNow) {
    query.refuse("a feed without rows", "skipColumns", "sample");
    if (!sums.counts()) {
      throw ApiException.badRequest("rows", "rows=none tells nothing without include=counts.");
    }
    if (sums.digest()) {
      throw ApiException.badRequest(
          "include", "include=digest is for those who hold the rows; leave out rows=none.");
    }
    if (fromNow) {
      throw ApiException.badRequest(
          "after", "after=now does not apply to a feed without rows; leave it out.");
    }
  }
}
