package dev.runcast.http.realtime.sse;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Gathers what is written to each connection in one turn of the event loop into one flush at its
 * end, hence one system call. For a connection that is already receiving fast, and only for such a
 * one, the flush waits a few milliseconds more: that several events then go out together is worth
 * four times the throughput, and a client that gets hundreds a second does not see the delay.
 * Confined to its event loop.
 */
final class Flushes {
  private static final long HOLD_MILLIS = 4;

  private final EventLoop loop;
  private List<ChunkedWriter> thisTurn = new ArrayList<>();
  private List<ChunkedWriter> spare = new ArrayList<>();
  private List<ChunkedWriter> held = new ArrayList<>();

  Flushes(EventLoop loop) {
    this.loop = loop;
  }

  /** Has the writer flushed soon. */
  void add(ChunkedWriter writer) {
    if (!writer.pace.wrote()) {
      return;
    }
    if (thisTurn.isEmpty()) {
      loop.execute(this::endTurn);
    }
    thisTurn.add(writer);
  }

  private void endTurn() {
    List<ChunkedWriter> writers = thisTurn;
    // A flush may drain a writer, and so have more written: that is the next turn's.
    thisTurn = spare;
    long now = System.nanoTime();
    for (ChunkedWriter writer : writers) {
      if (writer.pace.isFast(now)) {
        hold(writer);
      } else {
        flush(writer, now, false);
      }
    }
    writers.clear();
    spare = writers;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // never cancelled, and it does not throw
  private void hold(ChunkedWriter writer) {
    if (held.isEmpty()) {
      loop.schedule(this::endHold, HOLD_MILLIS, TimeUnit.MILLISECONDS);
    }
    held.add(writer);
  }

  private void endHold() {
    List<ChunkedWriter> writers = held;
    held = new ArrayList<>(writers.size());
    long now = System.nanoTime();
    for (ChunkedWriter writer : writers) {
      flush(writer, now, true);
    }
  }

  private static void flush(ChunkedWriter writer, long now, boolean held) {
    writer.pace.flushed(now, held);
    writer.flush();
  }
}
