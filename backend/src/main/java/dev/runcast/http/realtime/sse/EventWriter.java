package dev.runcast.http.realtime.sse;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * The bytes' way from a sink to a client, once the head of the response was written. All on the
 * connection's event loop; after {@link #end} only {@link #abort} may be called.
 */
public interface EventWriter {

  /**
   * Writes bytes of the stream, in order, to be on their way soon after this turn of the event
   * loop. The buffer is shared with other writers and is never changed by any.
   */
  void write(Buffer bytes);

  /** Whether so much waits for the client that nothing more should be written. */
  boolean isFull();

  /** Registers what runs each time that a full writer has become writable again. */
  void onDrain(Runnable drained);

  /**
   * Ends the stream in good order, behind all that was written.
   *
   * @return done once the last byte was handed to the network, which a client that has stopped
   *     reading may put off for ever; failed when it never will be
   */
  Future<Void> end();

  /**
   * Breaks off, whatever is still waiting: an end in good order would wait for the client to take
   * what comes before it.
   */
  void abort();
}
