/**
 * When tasks are to be triggered again and again. {@link dev.runcast.engine.schedule.Cron} says
 * which times on the wall clock an expression means, {@code WallClock} when these are in a zone
 * whose clock is put forward and back, {@link dev.runcast.engine.schedule.DelayWindow} how much
 * later a run may begin, {@link dev.runcast.engine.schedule.Occurrences} all of it together, and
 * {@link dev.runcast.engine.schedule.ScheduledPayload} what a run is told of its time. All of it is
 * pure; {@code engine.due} does what it says.
 */
@NullMarked
package dev.runcast.engine.schedule;

import org.jspecify.annotations.NullMarked;
