/**
 * What moves a run from queued to done: it is triggered, its workers change it, timers let it enter
 * the queue or expire, retention removes it. Transactions against {@code store}, with pure rules
 * beside them ({@link dev.runcast.engine.Transitions}, {@code engine.metadata}).
 *
 * <p>It pushes to nobody: what it writes reaches subscribers through the log, like anything else
 * that is written. It holds no state but one timer. Whatever a client asks that can't be is a
 * {@link dev.runcast.engine.RefusedException}, and leaves no trace in the database.
 *
 * <p>Enter at {@link dev.runcast.engine.Triggers}, {@link dev.runcast.engine.Runs} and {@link
 * dev.runcast.engine.batch.Batches}, for waitpoints at {@code engine.waitpoint}; what may be
 * repeated goes through {@link dev.runcast.engine.Requests}.
 */
@NullMarked
package dev.runcast.engine;

import org.jspecify.annotations.NullMarked;
