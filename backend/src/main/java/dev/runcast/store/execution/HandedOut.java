package dev.runcast.store.execution;

import org.jspecify.annotations.Nullable;

/**
 * A run that a worker is given.
 *
 * @param project the id of the environment's
 * @param worker the id of the build that has its task
 * @param machine its preset; null for the usual one
 */
public record HandedOut(
    Execution execution,
    String project,
    String worker,
    String version,
    @Nullable String machine,
    boolean isTest,
    boolean isReplay) {}
