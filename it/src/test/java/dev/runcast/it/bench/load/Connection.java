package dev.runcast.it.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/** One subscriber, whatever it speaks. Confined to the load generator's thread. */
interface Connection {

  /** The server has accepted the connection: sends the request. */
  void connected(SelectionKey key) throws IOException;

  /** Whether the server has answered it at all. */
  boolean isAnswered();

  /**
   * Reads what is there. Throws when the server hung up or refused.
   *
   * @param bytes scratch space of the loop's
   */
  void read(ByteBuffer direct, byte[] bytes, DayClock clock, Tally tally) throws IOException;

  /** Hangs up. */
  void close() throws IOException;
}
