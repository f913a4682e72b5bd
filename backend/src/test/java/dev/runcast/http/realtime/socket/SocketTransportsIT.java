package dev.runcast.http.realtime.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.realtime.sse.FeedServer;
import dev.runcast.http.realtime.sse.RawHttp2;
import dev.runcast.http.server.ServerOptions;
import dev.runcast.run.RunStatus;
import dev.runcast.testing.TestCertificate;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A socket over TLS; and over HTTP/2, where there is none. */
class SocketTransportsIT {
  private static final String PATH = "/realtime/v1/socket";

  @Test
  void carriesFeedsOverTls(@TempDir Path directory) throws Exception {
    TestCertificate certificate = TestCertificate.in(directory);
    try (SocketWorld world =
            new SocketWorld(
                ServerOptions.tls("127.0.0.1", 0, certificate.certificate(), certificate.key()));
        SocketClient client =
            SocketClient.openOverTls(
                world.port(), "?access_token=" + FeedServer.SECRET, trusting(certificate))) {
      client.subscribe("s", "/realtime/v1/runs").until("live", "s");

      world.commit("run_1", 1, RunStatus.PENDING);

      assertThat(client.await("run", "s").getJsonObject("data").getBoolean("whole")).isTrue();
    }
  }

  private static SSLContext trusting(TestCertificate certificate)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate.certificate())) {
      store.setCertificateEntry(
          "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void saysOverHttp2ThatASocketIsOpenedOverHttp1() throws Exception {
    try (SocketWorld world = new SocketWorld();
        RawHttp2 client = new RawHttp2(world.port())) {
      client.get(1, PATH);
      client.until(
          frame -> frame.stream() == 1 && frame.payload().toString().contains("HTTP/1.1: ws://"));
    }
  }

  /** It is not announced in the settings; who asks all the same harms no other stream. */
  @Test
  void refusesToOpenASocketByConnectOverHttp2() throws Exception {
    try (SocketWorld world = new SocketWorld();
        RawHttp2 client = new RawHttp2(world.port())) {
      client.get(1, "/realtime/v1/runs");
      client.until(frame -> frame.payload().toString().contains("event: live"));
      client.open(
          3,
          new DefaultHttp2Headers(false)
              .method("CONNECT")
              .add(":protocol", "websocket")
              .scheme("http")
              .authority("test")
              .path(PATH));
      client.until(
          frame ->
              frame.stream() == 3
                  && (frame.type() == Http2FrameTypes.RST_STREAM
                      || frame.type() == Http2FrameTypes.HEADERS));

      world.commit("run_1", 1, RunStatus.PENDING);

      client.until(frame -> frame.stream() == 1 && frame.payload().toString().contains("run_1"));
      assertThat(client.seen())
          .filteredOn(frame -> frame.type() == Http2FrameTypes.SETTINGS)
          .noneMatch(frame -> announcesConnect(frame.payload().getBytes()));
    }
  }

  /** Whether settings say that sockets are opened by CONNECT: RFC 8441, 3. */
  private static boolean announcesConnect(byte[] settings) {
    for (int i = 0; i + 6 <= settings.length; i += 6) {
      if (settings[i] == 0 && settings[i + 1] == 8 && settings[i + 5] == 1) {
        return true;
      }
    }
    return false;
  }
}
