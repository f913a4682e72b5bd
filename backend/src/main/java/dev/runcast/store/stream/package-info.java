/**
 * Streams in the database: {@link dev.runcast.store.stream.StreamTable} is what writers do, in
 * transactions that their callers begin, {@link dev.runcast.store.stream.StreamPages} what readers
 * read.
 *
 * <p>Whoever appends locks the stream's row first, several of them in the order of their keys, and
 * reads how far its writers have come only then: so numbers are given in the order of commits and
 * nodes never wait for each other in a circle. The run's row, where it is locked too, comes before.
 */
@NullMarked
package dev.runcast.store.stream;

import org.jspecify.annotations.NullMarked;
