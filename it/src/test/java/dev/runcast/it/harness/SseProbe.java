package dev.runcast.it.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A client of one feed, on a thread and a bare socket of its own. It records what it is told and
 * keeps a {@link ClientModel}; it can stop reading, break the connection, and come back with the
 * last event's id. Its state is guarded by itself; every method may be called from the test's
 * thread.
 */
public final class SseProbe implements AutoCloseable {
  /**
   * What to follow.
   *
   * @param credential goes into the Authorization header; empty for none
   */
  public record Target(int port, String pathAndQuery, String credential) {}

  private Target target;
  private final ClientModel model = new ClientModel();
  private final List<Frame> frames = new ArrayList<>();
  private RawHttp connection;
  private RawHttp.Head head;
  private Answer refusal;
  private Throwable failure;
  private boolean reading;
  private boolean paused;
  private Predicate<Frame> pauseAt = frame -> false;
  private int receiveBuffer;
  private int pings;

  public SseProbe(Target target) {
    this.target = target;
  }

  /** Keeps the system from taking in more than this for us while we don't read. */
  public synchronized SseProbe withReceiveBuffer(int bytes) {
    receiveBuffer = bytes;
    return this;
  }

  /** Starts with this cursor, as if an earlier connection had given it. */
  public SseProbe connectAfter(String cursor) {
    return connect("last-event-id: " + cursor + "\r\n");
  }

  /** Connects, with the last event's id if there was one. */
  public SseProbe connect() {
    String cursor = cursor();
    return connect(cursor.isEmpty() ? "" : "last-event-id: " + cursor + "\r\n");
  }

  private synchronized SseProbe connect(String headers) {
    model.connecting();
    refusal = null;
    head = null;
    try {
      RawHttp opened = new RawHttp(target.port(), receiveBuffer);
      opened.send(request(headers));
      connection = opened;
      reading = true;
      Thread reader = new Thread(() -> read(opened), "probe " + target.pathAndQuery());
      reader.setDaemon(true);
      reader.start();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks for something else with the next connection, of the same feed. */
  public synchronized SseProbe asking(String pathAndQuery) {
    target = new Target(target.port(), pathAndQuery, target.credential());
    return this;
  }

  /** Breaks the connection and waits until its reader has noticed. */
  public SseProbe cut() {
    try {
      connection().cut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    goOn();
    return awaitDisconnected();
  }

  /** Reads no further than the event that it is at. */
  public synchronized void pause() {
    paused = true;
  }

  /** Takes the first event like this, and reads no further. */
  public synchronized SseProbe pauseAt(Predicate<Frame> condition) {
    pauseAt = condition;
    return this;
  }

  /** Reads on. */
  public synchronized void goOn() {
    paused = false;
    pauseAt = frame -> false;
    notifyAll();
  }

  /** Waits until the feed has said that what is in the table has been told. */
  public SseProbe awaitLive() {
    return await("live", ClientModel::isLive);
  }

  /** Waits until the client knows this. */
  public SseProbe await(String what, Predicate<ClientModel> condition) {
    return awaitSelf(what, () -> condition.test(model));
  }

  /** Waits until an event like this has come. */
  public Frame awaitFrame(String what, Predicate<Frame> condition) {
    awaitSelf(what, () -> frames.stream().anyMatch(condition));
    return frames().stream().filter(condition).findFirst().orElseThrow();
  }

  /** Waits until the client holds the run at this status. */
  public SseProbe awaitStatus(String run, String status) {
    return await(
        run + " to be " + status,
        known -> known.get(run) != null && known.get(run).status().equals(status));
  }

  /** Waits until the client holds this version of the run, or a later one. */
  public SseProbe awaitVersion(String run, long version) {
    return await(
        run + " to be at version " + version,
        known -> known.get(run) != null && known.get(run).version() >= version);
  }

  /** Waits until the connection is over, from whichever side. */
  public SseProbe awaitDisconnected() {
    return awaitSelf("the connection to end", () -> !reading);
  }

  /** The answer instead of a feed. */
  public Answer awaitRefusal() {
    awaitSelf("a refusal", () -> refusal != null);
    return refusal();
  }

  /** Status and headers of the feed. */
  public RawHttp.Head awaitHead() {
    awaitSelf("the head of the answer", () -> head != null);
    return head();
  }

  /** Waits until so many pings have come. */
  public SseProbe awaitPings(int count) {
    return awaitSelf(count + " pings", () -> pings >= count);
  }

  /** All events so far, of all connections. */
  public synchronized List<Frame> frames() {
    return List.copyOf(frames);
  }

  /** The events of one name so far. */
  public synchronized List<Frame> frames(String name) {
    return frames.stream().filter(frame -> frame.name().equals(name)).toList();
  }

  /** Lets the test look at what the client knows; it may not keep it. */
  public synchronized <T> T ask(Function<ClientModel, T> question) {
    return question.apply(model);
  }

  /** What it holds, one line a run, to be compared with {@link RunWriter#rows}. */
  public Map<String, String> table() {
    return ask(TableRows::of);
  }

  /** The status of a run that it holds. */
  public String status(String run) {
    return ask(known -> known.get(run).status());
  }

  /** The version of a run that it holds. */
  public long version(String run) {
    return ask(known -> known.get(run).version());
  }

  /** A column of a run that it holds. */
  public JsonNode column(String run, String name) {
    return ask(known -> known.get(run).columns().path(name));
  }

  /** Whether it was ever told this column of a run that it holds. */
  public boolean holds(String run, String name) {
    return ask(known -> known.get(run).columns().has(name));
  }

  /** Whether it holds every column of the run that may be wide. */
  public boolean isWhole(String run) {
    return ask(known -> ClientModel.isWhole(known.get(run).columns()));
  }

  /** Ids of the runs that it holds, in order. */
  public List<String> runs() {
    return ask(known -> List.copyOf(known.rows().keySet()));
  }

  /** What to resume with. */
  public String cursor() {
    return ask(ClientModel::cursor);
  }

  public synchronized int pings() {
    return pings;
  }

  public synchronized boolean isConnected() {
    return reading;
  }

  @Override
  public void close() {
    RawHttp last;
    synchronized (this) {
      last = connection;
      paused = false;
      notifyAll();
    }
    try {
      if (last != null) {
        last.close();
      }
    } catch (IOException alreadyGone) {
      return;
    }
    requireConsistent();
  }

  private synchronized RawHttp connection() {
    return connection;
  }

  private synchronized Answer refusal() {
    return refusal;
  }

  private synchronized RawHttp.Head head() {
    return head;
  }

  private synchronized void requireConsistent() {
    if (failure instanceof AssertionError wrong) {
      throw wrong;
    }
  }

  private SseProbe awaitSelf(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Await.BOUND.toNanos();
    synchronized (this) {
      while (!condition.getAsBoolean()) {
        requireConsistent();
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("still waiting for: " + what + "\n" + describe());
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError(e);
        }
      }
      requireConsistent();
    }
    return this;
  }

  private synchronized String describe() {
    StringBuilder text = new StringBuilder(target.pathAndQuery());
    text.append(reading ? " connected" : " disconnected, " + failure);
    text.append(" holds ").append(model.rows().size()).append(" runs, cursor ");
    text.append(model.cursor()).append(", refusal ").append(refusal).append("; last events:\n");
    frames.stream()
        .skip(Math.max(0, frames.size() - 12))
        .forEach(frame -> text.append("  ").append(frame).append('\n'));
    return text.toString();
  }

  private String request(String headers) {
    String authorization =
        target.credential().isEmpty()
            ? ""
            : "authorization: Bearer " + target.credential() + "\r\n";
    return "GET "
        + target.pathAndQuery()
        + " HTTP/1.1\r\nhost: 127.0.0.1:"
        + target.port()
        + "\r\naccept: text/event-stream\r\n"
        + authorization
        + headers
        + "\r\n";
  }

  /** On the reader's thread. */
  private void read(RawHttp from) {
    try {
      RawHttp.Head told = from.head();
      if (told.status() != 200) {
        String body = new String(from.body(told).readAllBytes(), StandardCharsets.UTF_8);
        note(told, new Answer(told.status(), Map.of(), body));
        return;
      }
      note(told, null);
      SseReader reader = new SseReader(from.body(told), this::pinged);
      while (true) {
        waitWhilePaused();
        take(from, reader.next());
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      ended(from, e);
      return;
    }
  }

  private synchronized void note(RawHttp.Head told, Answer refused) {
    head = told;
    refusal = refused;
    reading = refused == null;
    notifyAll();
  }

  private synchronized void pinged() {
    pings++;
    notifyAll();
  }

  private synchronized void take(RawHttp from, Frame frame) {
    if (from != connection) {
      throw new IllegalStateException("an event of a connection that was given up");
    }
    frames.add(frame);
    model.take(frame);
    paused |= pauseAt.test(frame);
    notifyAll();
  }

  private synchronized void waitWhilePaused() {
    try {
      while (paused) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void ended(RawHttp from, Throwable why) {
    if (from == connection) {
      reading = false;
      if (!(failure instanceof AssertionError)) {
        failure = why;
      }
      notifyAll();
    }
  }

  /** A value as it may stand in a query. */
  public static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
