/**
 * The queues that runs stand in. Which there are and how full they are follows from the runs, by an
 * index; a row of {@code queue} holds only what runs can't tell: an id, a pause, a limit. {@link
 * dev.runcast.store.queue.QueueTable} is all of it.
 *
 * <p>Triggering a run writes nothing here. A row is made when a queue is first looked at.
 */
@NullMarked
package dev.runcast.store.queue;

import org.jspecify.annotations.NullMarked;
