package dev.runcast.store.schedule;

import dev.runcast.run.EnvironmentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A schedule whose time may have come, locked.
 *
 * @param servedUntil its times after this are to come
 * @param lastAt the time of its last run; null for none
 * @param now by the clock of the database
 */
public record DueSchedule(
    EnvironmentId environment,
    Schedule schedule,
    Instant servedUntil,
    @Nullable Instant lastAt,
    Instant now) {}
