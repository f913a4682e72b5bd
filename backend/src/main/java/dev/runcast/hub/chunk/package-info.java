/**
 * To which feeds chunks belong. A segment names its run and nothing else; a feed of several runs
 * goes by their tags, batch, parent and status. {@link dev.runcast.hub.chunk.RunCards} keeps that
 * of runs with streams, as the log has told it, at every place of the recent past; what it does not
 * know is read from the table, and {@link dev.runcast.hub.chunk.Unplaced} says what waits for that.
 *
 * <p>Owned by the event loop of its hub. It knows no subscription and asks nobody: see {@code
 * ChunkRoutes} in {@link dev.runcast.hub}.
 */
@NullMarked
package dev.runcast.hub.chunk;

import org.jspecify.annotations.NullMarked;
