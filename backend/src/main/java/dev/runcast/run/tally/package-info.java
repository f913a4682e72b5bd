/**
 * What the runs of a feed add up to. A {@link dev.runcast.run.tally.FeedTally} is what one read of
 * the table gave; {@link dev.runcast.run.tally.RunHash} is the hash that a digest is a sum of, and
 * that divides a feed into parts for a repair.
 */
@NullMarked
package dev.runcast.run.tally;

import org.jspecify.annotations.NullMarked;
