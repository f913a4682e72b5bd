/**
 * What the command line tool needs before there are runs: its settings, the environment variables
 * of its tasks, and to register the build that it has made of them. Enter at {@link
 * dev.runcast.http.dev.session.SessionRoutes}.
 *
 * <p>A path that names a project must name that of the secret key.
 */
@NullMarked
package dev.runcast.http.dev.session;

import org.jspecify.annotations.NullMarked;
