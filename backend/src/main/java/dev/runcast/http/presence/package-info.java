/**
 * Who is there to take runs, as it is heard by their requests: the command line tool asks several
 * times a second for runs, or after those that it has, workers that claim ask and extend leases.
 * {@link dev.runcast.http.presence.Presence} writes that down every few seconds; for whom, {@code
 * store.worker.PresenceTable} says.
 *
 * <p>What it keeps, when each was written last, belongs to one event loop. Nobody waits for the
 * writing, and no answer depends on it.
 */
@NullMarked
package dev.runcast.http.presence;

import org.jspecify.annotations.NullMarked;
