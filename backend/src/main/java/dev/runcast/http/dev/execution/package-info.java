/**
 * The executions of runs, as the command line tool moves them: {@code DequeueHandler} gives it
 * runs, {@code AttemptsHandler} takes how they begin and end, {@code WaitsHandler} lets them wait,
 * and {@code RunLookHandler} tells where they stand. Enter at {@link
 * dev.runcast.http.dev.execution.ExecutionRoutes}.
 *
 * <p>Handlers parse and tell; {@code engine.execution} and {@code engine.wait} decide. A request
 * that comes again is known by its key, or seen from the run where the answer holds secrets.
 */
@NullMarked
package dev.runcast.http.dev.execution;

import org.jspecify.annotations.NullMarked;
