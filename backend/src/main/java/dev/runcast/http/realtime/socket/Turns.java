package dev.runcast.http.realtime.socket;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * Whose turn it is to send when a full socket takes messages again: those who found it full, in the
 * order in which they did; who fills it again goes to the end. Confined to the socket's event loop.
 */
final class Turns {
  private final Queue<SocketSink> waiting = new ArrayDeque<>();

  /** Has the sink told when the socket drains; once, however often it asks. */
  void await(SocketSink sink) {
    if (!sink.awaitsTurn) {
      sink.awaitsTurn = true;
      waiting.add(sink);
    }
  }

  /** Lets them send until the socket is full again. */
  void give(BooleanSupplier full) {
    while (!full.getAsBoolean()) {
      SocketSink next = waiting.poll();
      if (next == null) {
        return;
      }
      next.awaitsTurn = false;
      next.drained();
    }
  }
}
