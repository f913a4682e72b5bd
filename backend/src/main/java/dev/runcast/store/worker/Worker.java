package dev.runcast.store.worker;

/**
 * A build that is registered.
 *
 * @param number in the order of registration
 * @param version as people see it: the day, and a count
 */
public record Worker(String id, long number, String version, String contentHash) {}
