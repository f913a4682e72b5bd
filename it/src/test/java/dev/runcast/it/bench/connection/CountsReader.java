package dev.runcast.it.bench.connection;

import dev.runcast.it.bench.Service;
import dev.runcast.it.bench.Tenant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One subscriber to counts, on a thread and a socket of its own: notes when which came, and how
 * many bytes came in all.
 */
final class CountsReader implements AutoCloseable {
  private static final Pattern COMMITTED = Pattern.compile("\"committedAt\":\"([^\"]+)\"");

  private final Socket socket;
  private final List<Duration> lateness = new ArrayList<>();
  private final List<Duration> staleness = new ArrayList<>();
  private Instant newest;
  private long bytes;
  private boolean counted;
  private Throwable ended;

  CountsReader(Service service, String path) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
      OutputStream out = socket.getOutputStream();
      out.write(
          "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(path, Tenant.SERVICE_KEY)
              .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      Thread reader = new Thread(() -> read(in), "counts");
      reader.setDaemon(true);
      reader.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(InputStream in) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      if (line == null || !line.startsWith("HTTP/1.1 200")) {
        throw new IOException("not accepted: " + line);
      }
      while (line != null) {
        take(line, Instant.now());
        line = lines.readLine();
      }
      throw new IOException("the server hung up");
    } catch (IOException | RuntimeException e) {
      end(e);
    }
  }

  private synchronized void end(Throwable why) {
    ended = why;
    notifyAll();
  }

  /** Notes a line. */
  synchronized void take(String line, Instant now) {
    bytes += line.length() + 2;
    if (line.startsWith("data: {\"members\"")) {
      counted = true;
      Matcher committed = COMMITTED.matcher(line);
      if (committed.find()) {
        Instant commit = Instant.parse(committed.group(1));
        lateness.add(Duration.between(commit, now));
        if (newest != null) {
          // The oldest change that it is the first to tell was committed after this.
          staleness.add(Duration.between(newest, now));
        }
        newest = commit;
      }
      notifyAll();
    }
  }

  /** Returns once the counts were told for the first time. */
  synchronized void awaitCounts() {
    try {
      while (!counted && ended == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    requireOpen();
  }

  /** From now on. */
  synchronized void reset() {
    lateness.clear();
    staleness.clear();
    newest = null;
    bytes = 0;
  }

  /**
   * What came since.
   *
   * @param lateness from the commit of the newest change in it to the receipt of an event
   * @param staleness from the commit of the newest change in the event before, after which all that
   *     it is the first to tell was committed
   */
  record Heard(List<Duration> lateness, List<Duration> staleness, long bytes) {
    /** In milliseconds, the one below which 99 of 100 are. */
    static double p99(List<Duration> times) {
      List<Duration> sorted = times.stream().sorted().toList();
      int at = (int) Math.ceil(0.99 * sorted.size()) - 1;
      return sorted.isEmpty() ? Double.NaN : sorted.get(Math.max(0, at)).toNanos() / 1e6;
    }
  }

  synchronized Heard heard() {
    requireOpen();
    return new Heard(List.copyOf(lateness), List.copyOf(staleness), bytes);
  }

  private void requireOpen() {
    if (ended != null) {
      throw new IllegalStateException(ended);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
