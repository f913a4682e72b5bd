/**
 * The ports of the service, and what serves them on each event loop.
 *
 * <p>There is one {@link dev.runcast.http.server.ApiVerticle} per event loop. It owns its router,
 * its caches and its hub: {@code LoopRouter} makes the handlers of the loop, {@code Routes} is the
 * table of all URLs. Nothing is shared between loops but what is immutable or, like the database
 * pool, made to be shared. {@link dev.runcast.http.server.ManagementVerticle} is the other port.
 *
 * <p>The server knows all handlers; no handler knows the server.
 */
@NullMarked
package dev.runcast.http.server;

import org.jspecify.annotations.NullMarked;
