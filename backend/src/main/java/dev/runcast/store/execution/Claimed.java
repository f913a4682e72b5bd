package dev.runcast.store.execution;

import dev.runcast.run.Run;
import java.time.Instant;

/**
 * A run that a worker has claimed.
 *
 * @param lease under which it may speak of it
 * @param until when that lapses, unless it is extended
 * @param attempt counted from 1
 */
public record Claimed(Run run, String lease, Instant until, int attempt) {}
