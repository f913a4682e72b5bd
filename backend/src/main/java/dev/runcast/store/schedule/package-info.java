/**
 * Schedules as they are stored: an expression, a zone and what they are for. {@link
 * dev.runcast.store.schedule.ScheduleTable} is all of it. It can't read an expression.
 */
@NullMarked
package dev.runcast.store.schedule;

import org.jspecify.annotations.NullMarked;
