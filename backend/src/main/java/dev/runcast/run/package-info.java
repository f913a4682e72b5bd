/**
 * The vocabulary: what a run is, how a change of it is named, and where it stands in the stream of
 * changes. Records and sealed types only, immutable, importing nothing but the JDK, so that every
 * other package can speak these words.
 *
 * <p>Where a change stands is in {@link dev.runcast.run.place}, what a run says while it runs in
 * {@link dev.runcast.run.stream}.
 *
 * <p>Behaviour sits on the types ({@link dev.runcast.run.Filter#matches}); nothing here reads a
 * clock, a connection or a setting.
 */
@NullMarked
package dev.runcast.run;

import org.jspecify.annotations.NullMarked;
