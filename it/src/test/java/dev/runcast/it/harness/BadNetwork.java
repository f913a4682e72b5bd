package dev.runcast.it.harness;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy of TCP between a client and a node that delays what passes through it and cuts
 * connections, until it is told to be good. The seed repeats its choices, though not their timing.
 */
public final class BadNetwork implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final boolean withinAnswers;
  private final Random random;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile boolean good;

  /**
   * Listens at once, and passes on to this port of loopback.
   *
   * @param withinAnswers whether it cuts in the midst of an answer, rather than lose the whole
   */
  public BadNetwork(int target, boolean withinAnswers, long seed) {
    this.target = target;
    this.withinAnswers = withinAnswers;
    this.random = new Random(seed);
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    new Thread(this::accept, "bad network").start();
  }

  /** Where clients go. */
  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on it only passes on. */
  public void beGood() {
    good = true;
  }

  /** How many connections it has cut. */
  public int cuts() {
    return cuts.get();
  }

  @Override
  public void close() {
    closeQuietly(listener);
    open.forEach(BadNetwork::closeQuietly);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = connect(client);
        if (server != null) {
          open.add(client);
          open.add(server);
          Cut cut = new Cut(client, server);
          new Thread(() -> pass(client, server, cut), "to the node").start();
          new Thread(() -> pass(server, client, cut), "to the client").start();
        }
      } catch (IOException closed) {
        // The loop ends if it was this end that closed.
      }
    }
  }

  private Socket connect(Socket client) {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException nodeIsDown) {
      closeQuietly(client);
      return null;
    }
  }

  /** When the two sides are parted: after so many bytes, or then with the next answer. */
  private final class Cut {
    private final Socket client;
    private final Socket server;
    private int left = choose(60_000) + 200;

    Cut(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    /** How many of these bytes still pass. */
    synchronized int passing(byte[] buffer, int bytes) {
      if (good || (!withinAnswers && !(left <= 0 && startsAnswer(buffer)))) {
        left -= bytes;
        return bytes;
      }
      int passing = Math.max(0, Math.min(bytes, left));
      left -= passing;
      return passing;
    }

    private static boolean startsAnswer(byte[] buffer) {
      return new String(buffer, 0, 5, StandardCharsets.US_ASCII).equals("HTTP/");
    }

    void now() {
      closeQuietly(client);
      closeQuietly(server);
      open.remove(client);
      open.remove(server);
    }
  }

  private void pass(Socket from, Socket to, Cut cut) {
    byte[] buffer = new byte[2048];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!good) {
          Await.pause(choose(40));
        }
        int passing = cut.passing(buffer, read);
        out.write(buffer, 0, passing);
        out.flush();
        if (passing < read) {
          cuts.incrementAndGet();
          break;
        }
      }
    } catch (IOException brokenOff) {
      // By either side; the other is cut too.
    }
    cut.now();
  }

  private int choose(int bound) {
    synchronized (random) {
      return random.nextInt(bound);
    }
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException alreadyBroken) {
      // Nothing is left to close.
    }
  }
}
