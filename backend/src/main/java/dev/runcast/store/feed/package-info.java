/**
 * What the table holds of a feed, read in pages under snapshots: {@link
 * dev.runcast.store.feed.FeedReader} is what those who open feeds ask, {@link
 * dev.runcast.store.feed.RunFeeds} its SQL.
 */
@NullMarked
package dev.runcast.store.feed;

import org.jspecify.annotations.NullMarked;
