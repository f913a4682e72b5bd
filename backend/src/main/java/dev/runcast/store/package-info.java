/**
 * All SQL of requests, feeds and timers. Reads and writes runs and what hangs on them through the
 * one pool of {@link dev.runcast.store.Database}. The tail has its own for slot, incarnation and
 * horizon, and knows the columns of a run by name; {@code postgres} and {@code embedded} have
 * theirs for preflight and set-up. Nobody else knows a table or a column.
 *
 * <p>It holds no state but the pool, decides nothing (the rules of a run's life are in {@code
 * engine}) and tells nobody: what it writes reaches subscribers through the log alone.
 *
 * <p>Start at {@link dev.runcast.store.feed.RunFeeds}, what subscriptions read, and {@code
 * RunRows}, how a row becomes a {@link dev.runcast.run.Run}.
 */
@NullMarked
package dev.runcast.store;

import org.jspecify.annotations.NullMarked;
