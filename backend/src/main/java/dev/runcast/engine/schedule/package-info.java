/**
 * When tasks are to be triggered again and again. {@link dev.runcast.engine.schedule.Cron} says
 * which times on the wall clock an expression means, {@code WallClock} when these are in a zone
 * whose clock is put forward and back, {@link dev.runcast.engine.schedule.DelayWindow} how much
 * later a run may begin. All of it is pure.
 *
 * <p>Nothing is triggered by a schedule yet.
 */
@NullMarked
package dev.runcast.engine.schedule;

import org.jspecify.annotations.NullMarked;
