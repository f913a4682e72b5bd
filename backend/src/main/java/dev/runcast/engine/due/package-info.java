/**
 * What happens at a time: a delay is over, a run expires, nobody has completed a waitpoint, a
 * schedule triggers a run, old rows go. Everything that must come to pass is a row of the table
 * {@code due}, so that a restart forgets nothing and any node, or any writer of SQL, can set a time
 * for all of them.
 *
 * <p>{@link dev.runcast.engine.due.Timers} is the entry point: one verticle a node, which owns the
 * node's one timer and lets go of its thread between any two statements. {@code DueRuns}, {@code
 * DueWaitpoints}, {@code DueSchedules} and {@code Sweep} do the work, in short transactions: each
 * claims rows with {@code for update skip locked}, acts and removes them, all or nothing, so that
 * however many nodes look at once, nothing is done twice and nothing waits. {@code Pace} is the
 * pure rule of when to look again.
 *
 * <p>It pushes to nobody: that a run expired reaches its subscribers through the log. Every time is
 * compared by the clock of the database, the only one that all nodes share.
 */
@NullMarked
package dev.runcast.engine.due;

import org.jspecify.annotations.NullMarked;
