/**
 * What the official command line tool calls, to execute tasks on its machine. In {@code boot} who
 * shows a personal token is given the environment's key; with that, {@code session} registers a
 * build, and {@code execution} gives it runs and hears how they go; {@code notice} is the channel
 * by which the tool hears at once. {@link dev.runcast.http.dev.DevRoutes} makes them all.
 *
 * <p>Bodies are taken for JSON whatever their content type says: the tool sends text. What it would
 * only repeat in vain is answered with 400, 404 or 422, never 409. What is refused is written down
 * by {@code RefusalLog}: a tool drops a run without a word.
 *
 * <p>Nothing is kept between requests. Environment variables and the secret key leave the service
 * below here, for whoever executes tasks needs them; they are never logged.
 */
@NullMarked
package dev.runcast.http.dev;

import org.jspecify.annotations.NullMarked;
