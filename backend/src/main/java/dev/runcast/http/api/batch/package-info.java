/**
 * Batches over HTTP. Today's clients announce one and then send its items, line by line ({@code
 * BatchesHandler}, {@code BatchItemsHandler} with {@code ItemStream}); older ones send all of it in
 * one body ({@code BatchCallHandler}). Either way {@link dev.runcast.engine.batch.BatchItems} takes
 * the items in, and what a batch's page shows is read in one place.
 *
 * <p>A handler keeps nothing between requests; an {@code ItemStream} lives as long as its request,
 * on that request's event loop.
 */
@NullMarked
package dev.runcast.http.api.batch;

import org.jspecify.annotations.NullMarked;
