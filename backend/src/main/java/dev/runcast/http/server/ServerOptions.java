package dev.runcast.http.server;

import dev.runcast.http.realtime.socket.SocketHandler;
import dev.runcast.tokens.TokenVerifier;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.List;

/** How the public port is set up: HTTP/1.1 and HTTP/2, over TLS when there is a certificate. */
public final class ServerOptions {
  /** A token may stand in the URL. */
  private static final int MAX_LINE = TokenVerifier.DEFAULT_MAX_LENGTH + 4 * 1024;

  private static final int MAX_HEADERS = TokenVerifier.DEFAULT_MAX_LENGTH + 16 * 1024;

  /**
   * In bytes. The kernel would let a client that has stopped reading pile up megabytes; what it
   * can't hold comes back to us as a full write queue, where it is counted and cut.
   */
  private static final int SEND_BUFFER = 64 * 1024;

  /** One message of a client on a socket, which may hold a token and a cursor. */
  private static final int MAX_COMMAND = 64 * 1024;

  private static final int BACKLOG = 4096;
  private static final int STREAMS_PER_CONNECTION = 1024;

  private ServerOptions() {}

  /**
   * Options for a server on this address. HTTP/2 needs no TLS: it is spoken to whoever begins with
   * it or asks for an upgrade.
   *
   * @param port 0 for any free one, the same for all verticles
   */
  public static HttpServerOptions clear(String host, int port) {
    return new HttpServerOptions()
        .setHost(host)
        // A negative port is Vert.x's word for a random one that several servers share.
        .setPort(port == 0 ? -1 : port)
        .setAcceptBacklog(BACKLOG)
        .setSendBufferSize(SEND_BUFFER)
        .setMaxInitialLineLength(MAX_LINE)
        .setMaxHeaderSize(MAX_HEADERS)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(STREAMS_PER_CONNECTION)
                .setMaxHeaderListSize(MAX_HEADERS))
        // All is written on the connection's own event loop: without this, each connection has a
        // queue for other threads, which is half of what an idle subscriber costs.
        .setStrictThreadMode(true)
        .setWebSocketSubProtocols(List.of(SocketHandler.PROTOCOL))
        .setMaxWebSocketFrameSize(MAX_COMMAND)
        .setMaxWebSocketMessageSize(MAX_COMMAND)
        // Compressed frames need tens of kilobytes of state for each socket, and what would agree
        // on
        // them sits in the pipeline of every connection.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }

  /** The same over TLS; HTTP/2 is agreed upon by ALPN. */
  public static HttpServerOptions tls(String host, int port, Path certificate, Path key) {
    return clear(host, port)
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(
            new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString()));
  }
}
