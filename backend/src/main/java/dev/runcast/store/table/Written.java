package dev.runcast.store.table;

/**
 * What a write of a run left behind.
 *
 * @param xid the transaction that wrote it
 */
public record Written(long version, long xid) {}
