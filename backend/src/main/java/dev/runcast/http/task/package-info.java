/**
 * Tasks and the builds that have them, over HTTP, for people who look at them: {@code TasksHandler}
 * lists and tells tasks, also those that no build has and that only were triggered; {@code
 * BuildsHandler} lists builds. Registering builds is {@code http.dev}'s.
 *
 * <p>A handler keeps nothing between requests. Only the secret key may call.
 */
@NullMarked
package dev.runcast.http.task;

import org.jspecify.annotations.NullMarked;
