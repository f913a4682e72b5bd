package dev.runcast.store.feed;

import dev.runcast.run.Filter;
import dev.runcast.run.tally.FeedTally;
import io.vertx.core.Future;

/**
 * What feeds are counted from: beside {@link FeedReader} the other seam between the delivery
 * algorithm and SQL.
 */
public interface TallyReader {

  /**
   * Adds up the runs that match the filter, under one snapshot.
   *
   * @param digest whether their versions are added up too, by parts of the feed
   */
  Future<FeedTally> tally(Filter filter, boolean digest);
}
