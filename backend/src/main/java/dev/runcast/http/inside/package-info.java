/**
 * The service as it looks from inside, for who has signed in to the dashboard: {@link
 * dev.runcast.http.inside.InsideHandler} tells the last quarter of an hour of this node, and which
 * feeds of the session's environment most follow.
 *
 * <p>What is told of a node is told without any id, tag or token; what is told of feeds is of the
 * one environment. {@link dev.runcast.http.inside.FeedCensus} asks every event loop for its hub's
 * word, on that very loop.
 */
@NullMarked
package dev.runcast.http.inside;

import org.jspecify.annotations.NullMarked;
