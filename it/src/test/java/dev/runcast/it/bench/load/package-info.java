/**
 * The load generator, a process of its own ({@link dev.runcast.it.bench.load.LoadMain}), so that
 * what it costs is not counted as the server's. It holds thousands of connections on one thread, by
 * SSE and by the long poll of the official clients, and looks at no more of what arrives than it
 * must: where an event ends, and the time that stands in it, as a rule its commit's, which it
 * compares with the clock of the same machine.
 *
 * <p>The same generator reads Runcast and what it is compared with, whose messages are the same
 * bytes. All state is confined to its one thread.
 */
@NullMarked
package dev.runcast.it.bench.load;

import org.jspecify.annotations.NullMarked;
