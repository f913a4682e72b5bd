/**
 * The vocabulary: what a run is, how a change of it is named, and where it stands in the stream of
 * changes. Records and sealed types only, immutable, importing nothing but the JDK, so that every
 * other package can speak these words.
 *
 * <p>Three ideas carry the rest. A {@link dev.runcast.run.Position} is a place in the stream of one
 * {@link dev.runcast.run.Incarnation}. A {@link dev.runcast.run.Visibility} is what a Postgres
 * snapshot shows. A {@link dev.runcast.run.Cursor} is what a client resumes with: a position for
 * the fast path and a horizon, below which every transaction has already passed, which stays good
 * for ever.
 *
 * <p>Behaviour sits on the types ({@link dev.runcast.run.Filter#matches}); nothing here reads a
 * clock, a connection or a setting.
 */
@NullMarked
package dev.runcast.run;

import org.jspecify.annotations.NullMarked;
