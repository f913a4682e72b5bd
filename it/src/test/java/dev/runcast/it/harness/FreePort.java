package dev.runcast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ports that were free a moment ago. */
public final class FreePort {
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /**
   * A port of loopback that the system chose, from those that nobody listens on; none is given
   * twice, for a caller wants several before it listens on the first.
   */
  public static int next() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = socket.getLocalPort();
      // Looked for while this one is held, so that the system can't offer it again.
      return GIVEN.add(port) ? port : next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
