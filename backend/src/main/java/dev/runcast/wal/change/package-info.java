/**
 * From messages of the log to changes of ours, without a connection or a thread: relations are
 * remembered, messages gathered into whole transactions, rows of the published tables mapped.
 *
 * <p>Enter at {@link dev.runcast.wal.change.TransactionAssembler}; its transactions go to {@link
 * dev.runcast.wal.change.ChangeMapper}, the only class that knows both the tables' vocabulary and
 * ours. One of each for a replication session; they belong to the reader's thread.
 */
@NullMarked
package dev.runcast.wal.change;

import org.jspecify.annotations.NullMarked;
