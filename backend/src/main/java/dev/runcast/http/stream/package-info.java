/**
 * Streams over HTTP, as the official clients speak of them: who writes sends lines of JSON for as
 * long as it has some, {@link dev.runcast.http.stream.StreamWriteHandler}, who reads gets them as
 * server-sent events, {@link dev.runcast.http.stream.StreamReadHandler}. Enter at {@link
 * dev.runcast.http.stream.StreamRoutes}.
 *
 * <p>A handler here never hands a chunk to a reader: it stores it, and the log tells it.
 *
 * <p>Everything is confined to the event loop of its request.
 */
@NullMarked
package dev.runcast.http.stream;

import org.jspecify.annotations.NullMarked;
