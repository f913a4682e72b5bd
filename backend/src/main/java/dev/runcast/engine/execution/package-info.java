/**
 * How runs are executed by workers of the engine: handed out, begun, ended, tried again. {@link
 * dev.runcast.engine.execution.Dequeuing} gives runs to who asks for some, {@link
 * dev.runcast.engine.execution.Attempts} takes what a worker tells of them, {@link
 * dev.runcast.engine.execution.Lapses} does what is due when nobody tells anything, {@link
 * dev.runcast.engine.execution.Enrolment} has the engine know an environment's runs from when
 * somebody first asks for some. What comes of a failure is decided by {@code Judgement}, which is
 * pure.
 *
 * <p>Each transition is one transaction, under the lock of the run's row. A worker names the
 * snapshot that it speaks of: of one that has passed nothing is taken, so that no run has two
 * holders. The only state is in the database.
 */
@NullMarked
package dev.runcast.engine.execution;

import org.jspecify.annotations.NullMarked;
