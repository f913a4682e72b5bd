/**
 * What a run says while it runs: the {@link dev.runcast.run.stream.StreamKey} that names a stream,
 * the {@link dev.runcast.run.stream.StreamSegment} of chunks that is stored, heard of and told as
 * one, and the {@link dev.runcast.run.stream.StreamPage} that a read gives.
 */
@NullMarked
package dev.runcast.run.stream;

import org.jspecify.annotations.NullMarked;
