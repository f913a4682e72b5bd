/**
 * Who reads a stream of a run hears of it here: from the table up to where that shows it, then from
 * the log as chunks come in.
 *
 * <p>Chunks of a stream are numbered without gaps, in the order of their commits. So a {@link
 * dev.runcast.hub.stream.StreamReader} holds no more than the number that it sends next: what lies
 * before is known to its client, what lies behind is a gap, for which the table is read again. What
 * a read's snapshot does not show and the log told earlier is replayed from the ring, as for feeds,
 * and so is a hole closed: by one more read, once a horizon has passed it. A reader whose client is
 * behind takes nothing from the log and reads on when the client has drained: nothing waits for it
 * in memory.
 *
 * <p>Owned by the event loop of its hub. It must not know the database or HTTP: pages are asked for
 * through a callback, bytes go to a {@link dev.runcast.hub.stream.StreamSink}. Enter at {@link
 * dev.runcast.hub.stream.StreamReaders}.
 */
@NullMarked
package dev.runcast.hub.stream;

import org.jspecify.annotations.NullMarked;
