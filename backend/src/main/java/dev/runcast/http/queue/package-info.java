/**
 * Queues over HTTP: {@code QueuesHandler} lists, tells and changes them, {@code QueueReference} is
 * how a request names one, {@code QueueView} what clients are shown. {@code ClaimsHandler} gives
 * runs of a queue to workers in any language; {@code WaitingClaims} wakes those that wait for one.
 * That a queue is paused or its limit overridden binds nobody who takes runs by {@code PATCH}.
 *
 * <p>A handler keeps nothing between requests but who waits, which is its event loop's.
 */
@NullMarked
package dev.runcast.http.queue;

import org.jspecify.annotations.NullMarked;
