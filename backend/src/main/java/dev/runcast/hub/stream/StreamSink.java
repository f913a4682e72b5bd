package dev.runcast.hub.stream;

import dev.runcast.run.revocation.Bearer;
import dev.runcast.wire.SharedSegment;

/**
 * Where a stream's chunks go: a connection. Everything happens on the event loop of the reader's
 * hub. Once closed by either side it swallows what is written.
 */
public interface StreamSink {

  /**
   * Takes chunks; never refuses.
   *
   * @param from the number of the first of the segment's that is to be sent
   */
  void write(SharedSegment segment, long from);

  /** By whose word it is told anything. */
  Bearer bearer();

  /** Whether the other side is behind, so that nothing more should be written until it drains. */
  boolean isFull();

  /** Registers the one callback that runs each time a full sink can take chunks again. */
  void onDrain(Runnable drained);

  /** Tells the client that the stream is at its end. */
  void end();

  /** Breaks off, so that the client comes back to go on. */
  void breakOff();
}
