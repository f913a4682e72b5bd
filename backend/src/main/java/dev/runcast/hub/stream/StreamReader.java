package dev.runcast.hub.stream;

import dev.runcast.hub.log.HeardLog;
import dev.runcast.hub.log.Pin;
import dev.runcast.hub.revocation.Revocable;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamPage;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.wire.SharedSegment;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client that reads one stream. It knows the number that is to be sent next and nothing of what
 * was sent; it ends when the run is done, nobody writes any more and everything was sent.
 *
 * <p>Owned by the event loop of its hub; every method runs there.
 */
public final class StreamReader implements Revocable {
  private enum State {
    /** Not yet started. */
    NEW,
    /** Waits for a page of the table, or for its client to take one. */
    READING,
    /** Hears from the log. */
    LIVE,
    /** Its client is behind: it reads on once that has drained. */
    BEHIND,
    CLOSED
  }

  /** Stands for "wherever the stream is when it is first read". */
  public static final long LATEST = -1;

  private final StreamReaders readers;
  private final StreamKey stream;
  private final StreamSink sink;
  private final Consumer<StreamReader> pages;

  private State state = State.NEW;
  private long readings;
  private long next;

  /** Of the newest write that it knows of; what is told of older ones says nothing new. */
  private long revision;

  private int writers;
  private boolean runIsOver;

  /**
   * Of what the log and the last read may both have missed: a transaction below this xid; 0 when
   * nothing was, {@link HeardLog#UNKNOWN_HOLE} while the bound is not known.
   */
  private long hole;

  /** Whether the numbers may have begun anew, further back, since the last read. */
  private boolean historyChanged;

  /**
   * Not yet known to the hub: {@link #start} makes it so.
   *
   * @param from the number of the first chunk to send, or {@link #LATEST}
   * @param pages reads a page for the reader, to be answered by {@link #take}
   */
  public StreamReader(
      StreamReaders readers,
      StreamKey stream,
      long from,
      StreamSink sink,
      Consumer<StreamReader> pages) {
    this.readers = readers;
    this.stream = stream;
    this.next = from;
    this.sink = sink;
    this.pages = pages;
  }

  public StreamKey stream() {
    return stream;
  }

  /** The number of the chunk that is to be sent next; {@link #LATEST} before that is known. */
  public long next() {
    return next;
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether everything that there is was sent, so that silence is the stream's own. */
  public boolean isUpToDate() {
    return state == State.LIVE && hole == 0;
  }

  /** From here on nothing is missed; the first chunks come once the table was read. */
  public void start() {
    if (state == State.NEW) {
      readers.add(this);
      sink.onDrain(this::drained);
      read();
    }
  }

  // Reading the table.

  /** Reads the table from the next number on, once the client takes it. */
  private void read() {
    if (state == State.CLOSED) {
      return;
    }
    readings++;
    if (sink.isFull()) {
      state = State.BEHIND;
    } else {
      state = State.READING;
      pages.accept(this);
    }
  }

  /** Tells one reading from another. */
  public long reading() {
    return readings;
  }

  /** Whether it still waits for what this reading gives. */
  public boolean isReading(long reading) {
    return state == State.READING && readings == reading;
  }

  /**
   * Takes a page that was read for it.
   *
   * @param pin held since the read began
   */
  public void take(StreamPage page, Pin pin) {
    if (historyChanged) {
      historyChanged = false;
      next = Math.min(next, page.nextSeq());
      revision = 0;
      runIsOver = false;
    }
    if (next == LATEST) {
      next = page.nextSeq();
    }
    runIsOver |= page.runIsOver();
    hear(page.revision(), page.writers());
    page.segments().forEach(segment -> send(new SharedSegment(segment)));
    if (page.complete()) {
      goLive(page, pin);
    } else {
      read();
    }
  }

  /** What was before the end and was not given has been removed for its age. */
  private void goLive(StreamPage page, Pin pin) {
    next = Math.max(next, page.nextSeq());
    state = State.LIVE;
    hole = pin.holeFor(page.visibility());
    readers.replay(this, page.visibility());
    endIfDone();
  }

  // From the log.

  /** Takes a segment of its stream. */
  void offer(SharedSegment shared) {
    StreamSegment segment = shared.segment();
    hear(segment.revision(), segment.writers());
    if (state != State.LIVE || segment.nextSeq() <= next) {
      return;
    }
    if (segment.firstSeq() > next) {
      read();
    } else if (sink.isFull()) {
      state = State.BEHIND;
    } else {
      send(shared);
    }
  }

  /** Its run is done; to be told after all segments of the same transaction. */
  void runEnded() {
    runIsOver = true;
  }

  /** Another history of the log has begun. */
  void historyChanged() {
    historyChanged = true;
    readAgain();
  }

  /** Something may have been missed: who is not live is going to read anyway. */
  void readAgain() {
    if (state == State.LIVE) {
      read();
    }
  }

  /** Transaction ids may have been given out anew: what they bound is not known any more. */
  void sessionChanged() {
    if (hole != 0) {
      readAgain();
    }
  }

  /** Reads once more when everything that the hole may have hidden has become visible. */
  void horizonPassed(HeardLog heard) {
    if (hole == HeardLog.UNKNOWN_HOLE) {
      hole = heard.hole();
      if (hole == 0) {
        hole = heard.horizon();
      }
    }
    if (hole != 0 && heard.hole() == 0 && heard.horizon() >= hole) {
      readAgain();
    }
  }

  private void hear(long newer, int count) {
    if (newer > revision) {
      revision = newer;
      writers = count;
    }
  }

  private void send(SharedSegment shared) {
    StreamSegment segment = shared.segment();
    if (segment.nextSeq() > next) {
      sink.write(shared, Math.max(next, segment.firstSeq()));
      next = segment.nextSeq();
    }
  }

  // Its end.

  /** Between two transactions: ends once there is nothing left to come. */
  void endIfDone() {
    if (runIsOver && writers == 0 && isUpToDate()) {
      end();
    }
  }

  private void drained() {
    if (state == State.BEHIND) {
      read();
    }
  }

  /** Tells the client that there is nothing more, though there might be. */
  public void end() {
    if (state != State.CLOSED) {
      close();
      sink.end();
    }
  }

  /** Has the client come back. */
  public void breakOff() {
    if (state != State.CLOSED) {
      close();
      sink.breakOff();
    }
  }

  @Override
  public Bearer bearer() {
    return sink.bearer();
  }

  /** What it comes back to is a refusal that says why. */
  @Override
  public void revoke(@Nullable Position position) {
    breakOff();
  }

  /** These clients know of no such word. */
  @Override
  public void warnOfEnd(Instant end) {}

  @Override
  public void expire() {
    breakOff();
  }

  /** The client is gone, or will be. Idempotent. */
  public void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      readers.remove(this);
    }
  }
}
