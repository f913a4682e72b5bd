/**
 * Schedules over HTTP: {@code SchedulesHandler} makes, tells and changes them, {@code
 * ScheduleParser} says what was asked, {@code ScheduleView} what clients are shown, the next time
 * among it, which is computed when it is asked for. {@code TimeZonesHandler} lists the zones.
 *
 * <p>Nothing is kept between requests. Only the secret key may call; the zones are for anybody.
 */
@NullMarked
package dev.runcast.http.schedule;

import org.jspecify.annotations.NullMarked;
