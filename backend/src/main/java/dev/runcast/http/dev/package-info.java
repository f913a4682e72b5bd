/**
 * What the official command line tool calls, to execute tasks on its machine. In {@code boot} who
 * shows a personal token is given the environment's key; with that, {@code WorkersHandler}
 * registers a build, {@code DequeueHandler} gives it runs, {@code AttemptsHandler} takes how they
 * begin and end, and {@code RunLookHandler} tells where they stand. {@link
 * dev.runcast.http.dev.DevRoutes} makes them all.
 *
 * <p>Bodies are taken for JSON whatever their content type says: the tool sends text. What it would
 * only repeat in vain is answered with 400, 404 or 422, never 409.
 *
 * <p>Nothing is kept between requests. Environment variables and the secret key leave the service
 * here, for whoever executes tasks needs them; they are never logged. What is refused is, by {@code
 * RefusalLog}: a tool drops a run without a word.
 */
@NullMarked
package dev.runcast.http.dev;

import org.jspecify.annotations.NullMarked;
