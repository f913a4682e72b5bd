/**
 * What was traced of runs: {@link dev.runcast.http.trace.OtlpHandler} takes spans and logs in, in
 * the way that every OpenTelemetry exporter sends them, {@link dev.runcast.http.trace.TraceHandler}
 * gives them back. How a reader follows them live is with the other streams, in {@code
 * http.stream}.
 */
@NullMarked
package dev.runcast.http.trace;

import org.jspecify.annotations.NullMarked;
