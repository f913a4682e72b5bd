/**
 * Runs that wait, for time, a token, other runs or a batch. {@link dev.runcast.engine.wait.Waits}
 * has them wait, {@link dev.runcast.engine.wait.Resumption} has them go on when all that they wait
 * for has ended. Triggers of the tables set a time in {@code due} for whoever may go on, in the
 * transaction that ended it, so that nobody is forgotten.
 *
 * <p>Who waits takes up no place of its queue. What is waited for is locked before who waits. All
 * of it is stateless.
 */
@NullMarked
package dev.runcast.engine.wait;

import org.jspecify.annotations.NullMarked;
