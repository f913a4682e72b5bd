/**
 * All SQL. Reads and writes runs and what hangs on them through the one pool of {@link
 * dev.runcast.store.Database}; nothing outside this package knows a table or a column.
 *
 * <p>It holds no state but the pool, decides nothing (the rules of a run's life are in {@code
 * engine}) and tells nobody: what it writes reaches subscribers through the log alone.
 *
 * <p>Start at {@link dev.runcast.store.RunFeeds}, what subscriptions read, and {@code RunRows}, how
 * a row becomes a {@link dev.runcast.run.Run}.
 */
@NullMarked
package dev.runcast.store;

import org.jspecify.annotations.NullMarked;
