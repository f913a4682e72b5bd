/**
 * Where runs stand with the engine: a row for each that is or was in its hands, beside the run's
 * own, in environments where somebody asks for runs ({@link
 * dev.runcast.store.execution.EnrolmentTable}). {@link dev.runcast.store.execution.DequeueTable}
 * finds what is to be handed out, {@link dev.runcast.store.execution.ExecutionTable} reads and
 * moves one at a time.
 *
 * <p>A run's row is locked before that of its execution, and the execution is changed before the
 * run: a trigger of the table {@code run} takes what it finds otherwise for somebody else's work.
 * What is decided by these is the engine's.
 */
@NullMarked
package dev.runcast.store.execution;

import org.jspecify.annotations.NullMarked;
