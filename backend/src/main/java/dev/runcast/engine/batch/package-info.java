/**
 * Batches: announced, filled item by item, sealed. {@link dev.runcast.engine.batch.Batches} keeps
 * how complete one is, {@link dev.runcast.engine.batch.BatchItems} takes in its items, each once.
 *
 * <p>What is wrong with one item is that item's: it becomes a run that has failed as soon as it is
 * there ({@code Arrivals}), which takes its place with whoever waits, reads or counts. What is
 * wrong with the batch (its size, its parent, who may fill it) refuses what was asked, with a
 * {@link dev.runcast.engine.RefusedException} that leaves no trace. Everything works within the
 * transaction that it is given.
 */
@NullMarked
package dev.runcast.engine.batch;

import org.jspecify.annotations.NullMarked;
