/**
 * Queues over HTTP: {@code QueuesHandler} lists, tells and changes them, {@code QueueReference} is
 * how a request names one, {@code QueueView} what clients are shown. What is stored here, that a
 * queue is paused or its limit overridden, binds nobody yet who takes runs by {@code PATCH}.
 *
 * <p>A handler keeps nothing between requests. Only the secret key may call.
 */
@NullMarked
package dev.runcast.http.queue;

import org.jspecify.annotations.NullMarked;
