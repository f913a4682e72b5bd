/**
 * Where a change stands. A {@link dev.runcast.run.place.Position} is a place in the stream of one
 * {@link dev.runcast.run.place.Incarnation}, an {@link dev.runcast.run.place.Lsn} and an index
 * within its transaction. A {@link dev.runcast.run.place.Visibility} is what a Postgres snapshot
 * shows. A {@link dev.runcast.run.place.Cursor} is what a client resumes with: a position for the
 * fast path and a horizon, below which every transaction has already passed, which stays good for
 * ever. A {@link dev.runcast.run.place.Bookmark} is a cursor with what a turn has to remember
 * beside it.
 */
@NullMarked
package dev.runcast.run.place;

import org.jspecify.annotations.NullMarked;
