package dev.runcast.http.realtime;

import dev.runcast.http.ApiException;
import dev.runcast.hub.tally.Sums;
import dev.runcast.run.tally.RunHash;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a feed of several runs tells beside its rows, or instead of them.
 *
 * @param rows whether it tells rows at all
 * @param repair the parts of the feed that are given anew
 */
record Inclusion(boolean rows, Sums sums, Set<Integer> repair) {
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
    Inclusion inclusion = new Inclusion(rows(query), sums, repair(query));
    if (!inclusion.rows) {
      checkRowless(query, sums, fromNow);
    } else if (fromNow) {
      checkFromNow(query, sums);
    }
    return inclusion;
  }

  private static void checkFromNow(FeedQuery query, Sums sums) {
    query.refuse("a feed from now on", BUCKETS);
    if (sums.digest()) {
      throw ApiException.badRequest(
          "include", "include=digest is of all runs of the feed; leave out after=now.");
    }
  }

  private static Set<Integer> repair(FeedQuery query) {
    Set<Integer> buckets = new TreeSet<>();
    for (String text : query.list(BUCKETS)) {
      if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) >= RunHash.BUCKETS) {
        throw ApiException.badRequest(
            BUCKETS, "buckets must be numbers from 0 to 255, with commas between them.");
      }
      buckets.add(Integer.parseInt(text));
    }
    return buckets;
  }

  private static boolean rows(FeedQuery query) {
    String rows = query.one("rows");
    if (rows != null && !rows.equals("none")) {
      throw ApiException.badRequest("rows", "rows must be none; leave it out to be told rows.");
    }
    return rows == null;
  }

  private static void checkRowless(FeedQuery query, Sums sums, boolean fromNow) {
    query.refuse("a feed without rows", "skipColumns", "sample", BUCKETS, "streams");
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
