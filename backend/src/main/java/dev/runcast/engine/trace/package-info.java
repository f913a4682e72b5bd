/**
 * What was traced of runs: spans and logs, as OpenTelemetry sends them in JSON. {@link
 * dev.runcast.engine.trace.OtlpReader} makes entries of them, {@link
 * dev.runcast.engine.trace.Trace} makes a tree of the entries of a run, {@link
 * dev.runcast.engine.trace.TraceIds} says what identifies the run itself in it. All of it is pure.
 *
 * <p>Entries are kept as chunks of a stream of the run, which {@link
 * dev.runcast.engine.stream.Traces} stores: so they reach readers through the log, in one order.
 */
@NullMarked
package dev.runcast.engine.trace;

import org.jspecify.annotations.NullMarked;
