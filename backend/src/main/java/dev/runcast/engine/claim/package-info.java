/**
 * How workers in any language execute runs: they claim some of a queue, each under a lease, extend
 * it while they work, and tell by the change of a run what came of it. {@link
 * dev.runcast.engine.claim.Claims} is all of it; what becomes of a lease that lapses is with the
 * engine's other timers.
 *
 * <p>A lease is good as long as it is the run's: whoever takes the run from its holder takes the
 * lease in the same transaction, so that a worker that was paused never overwrites its successor.
 * The only state is in the database.
 */
@NullMarked
package dev.runcast.engine.claim;

import org.jspecify.annotations.NullMarked;
