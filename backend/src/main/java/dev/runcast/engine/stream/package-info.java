/**
 * How chunks come to be stored. {@link dev.runcast.engine.stream.Streams} opens and closes writers
 * and takes single chunks; {@link dev.runcast.engine.stream.ChunkWriter} gathers what all writers
 * of a node send within a few milliseconds into one transaction. Both end at {@code StreamLedger},
 * which decides, over what is locked, what of it is new and what numbers it gets.
 *
 * <p>Nothing here tells a reader anything: what was committed reaches readers through the log.
 *
 * <p>State owners: the queue of the {@code ChunkWriter} belongs to the context that it was deployed
 * on; its methods may be called from any.
 */
@NullMarked
package dev.runcast.engine.stream;

import org.jspecify.annotations.NullMarked;
