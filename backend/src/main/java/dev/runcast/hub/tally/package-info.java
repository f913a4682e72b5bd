/**
 * What the feeds of a hub add up to: how many runs are in each status, and the digest of all
 * versions. One {@link dev.runcast.hub.tally.Tally} for each feed that somebody asks this of,
 * however many do; it goes with the last of them.
 *
 * <p>A tally begins as a subscription does, with a read under one snapshot, to which what the
 * snapshot does not show is added from the ring; from then on each change moves it by what it was
 * before and what it is now. Where something may have been missed it is read again, and now and
 * then, when nothing was, it is read beside and compared. No row is kept.
 *
 * <p>Owned by the event loop of its hub. Reading is asked for through {@link
 * dev.runcast.hub.tally.Recount}; who is told is a {@link dev.runcast.hub.tally.Follower}. Enter at
 * {@link dev.runcast.hub.tally.Tallies#join}; the rules are in docs/ARCHITECTURE.md, "Counting".
 */
@NullMarked
package dev.runcast.hub.tally;

import org.jspecify.annotations.NullMarked;
