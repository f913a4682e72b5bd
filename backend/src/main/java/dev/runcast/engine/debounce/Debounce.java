package dev.runcast.engine.debounce;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a trigger is debounced.
 *
 * @param key those of one task with the same are to be one run
 * @param until what a run that is there is pushed to
 * @param maxDelay how long after it was made a run may be pushed to at most; null for any time
 * @param trailing whether a run that is there takes over what this one brings
 * @param maxTags how many tags that run may have then
 */
public record Debounce(
    String key, Instant until, @Nullable Duration maxDelay, boolean trailing, int maxTags) {}
