package dev.runcast.it.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * All subscribers on one thread: opens them a few hundred at a time and reads what they get. What
 * is asked for meanwhile is taken up between two rounds.
 */
final class ConnectionLoop {
  private static final int CONNECTING_AT_ONCE = 256;
  private static final int READ_BUFFER = 256 * 1024;

  /**
   * Subscribers to open.
   *
   * @param path of each, with {@code %d} for the number of its feed
   * @param eventsEach how many events each is to have been sent before it counts as open
   * @param polls whether they follow by the long poll of the official clients, not by SSE
   * @param stamp what stands before the time in each event that its latency counts from
   * @param subscriptions on each, which then is a socket: the first of all of them have the first
   *     feeds; 0 for a connection that is a subscriber itself
   */
  record Wanted(
      int port,
      int count,
      int feeds,
      int eventsEach,
      String path,
      String token,
      boolean polls,
      String stamp,
      int subscriptions) {
    private Connection connection(SocketChannel channel, int number) {
      EventScanner scanner = new EventScanner(stamp);
      if (subscriptions > 0) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < subscriptions; i++) {
          all.add(feed(i * count + number));
        }
        return new SocketConnection(channel, all, token, scanner);
      }
      String feed = feed(number);
      return polls
          ? new PollConnection(channel, feed, token, scanner)
          : new SseConnection(channel, feed, token, scanner);
    }

    private String feed(int number) {
      return path.replace("%d", Integer.toString(number % feeds));
    }
  }

  private final Selector selector;
  private final ByteBuffer direct = ByteBuffer.allocateDirect(READ_BUFFER);
  private final byte[] bytes = new byte[READ_BUFFER];
  private final DayClock clock = new DayClock();
  private final Tally tally = new Tally();
  private final List<Connection> connections = new ArrayList<>();
  private int connecting;
  private int answered;
  private int lost;
  private String firstLoss = "";

  ConnectionLoop() throws IOException {
    selector = Selector.open();
  }

  /** Reads for a while. */
  void turn(long timeoutMillis) throws IOException {
    selector.select(this::ready, timeoutMillis);
  }

  /** Has the turn under way, or the next one, end at once; from any thread. */
  void wakeup() {
    selector.wakeup();
  }

  /** Returns when all are open, or throws. */
  JsonObject open(Wanted wanted, long deadlineNanos) throws IOException {
    long began = System.nanoTime();
    int before = connections.size();
    int answeredBefore = answered;
    tally.reset();
    while (answered - answeredBefore < wanted.count()
        || tally.events() < (long) wanted.eventsEach() * wanted.count()) {
      for (int next = connections.size() - before;
          next < wanted.count() && connecting < CONNECTING_AT_ONCE;
          next++) {
        connect(wanted, next);
      }
      turn(10);
      check(deadlineNanos);
    }
    return new JsonObject()
        .put("open", connections.size())
        .put("millis", (System.nanoTime() - began) / 1_000_000);
  }

  private void check(long deadlineNanos) throws IOException {
    if (lost > 0) {
      throw new IOException(firstLoss);
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      throw new IOException(
          "only %d subscribers were accepted, and sent %d events"
              .formatted(answered, tally.events()));
    }
  }

  private void connect(Wanted wanted, int number) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    Connection connection = wanted.connection(channel, number);
    connections.add(connection);
    channel.register(selector, SelectionKey.OP_CONNECT, connection);
    connecting++;
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted.port()));
  }

  private void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (key.isReadable()) {
        boolean first = !connection.isAnswered();
        connection.read(direct, bytes, clock, tally);
        if (first) {
          answered++;
          connecting--;
        }
      } else {
        connection.connected(key);
      }
    } catch (IOException e) {
      lose(key, e);
    }
  }

  private void lose(SelectionKey key, IOException reason) {
    key.cancel();
    lost++;
    firstLoss = firstLoss.isEmpty() ? String.valueOf(reason.getMessage()) : firstLoss;
  }

  void reset() {
    tally.reset();
  }

  /** What has arrived since the last reset, and whether subscribers were ever lost. */
  JsonObject read() {
    return tally
        .toJson()
        .put("open", connections.size() - lost)
        .put("lost", lost == 0 ? "" : lost + " subscribers: " + firstLoss);
  }

  /** Hangs up all. */
  void closeAll() throws IOException {
    for (Connection connection : connections) {
      connection.close();
    }
    selector.selectNow();
    connections.clear();
    connecting = 0;
    answered = 0;
    lost = 0;
    firstLoss = "";
  }
}
