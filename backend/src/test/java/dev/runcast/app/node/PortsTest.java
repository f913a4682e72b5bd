package dev.runcast.app.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import dev.runcast.config.SettingsLoader;
import dev.runcast.testing.TestCertificate;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void takesACertificateAndItsKey() throws Exception {
    TestCertificate made = TestCertificate.in(directory);

    assertThatCode(() -> Ports.check(vertx, server(made.certificate(), made.key())))
        .doesNotThrowAnyException();
  }

  @Test
  void namesAFileThatIsNotThere() throws Exception {
    TestCertificate made = TestCertificate.in(directory);
    Path missing = directory.resolve("missing.pem");

    assertThatThrownBy(() -> Ports.check(vertx, server(missing, made.key())))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContainingAll(missing.toString(), "--tls-cert / RUNCAST_TLS_CERT");
    assertThatThrownBy(() -> Ports.check(vertx, server(made.certificate(), missing)))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContainingAll(missing.toString(), "--tls-key / RUNCAST_TLS_KEY");
  }

  @Test
  void namesFilesThatHoldSomethingElse() throws Exception {
    TestCertificate made = TestCertificate.in(directory);
    Path garbage = Files.writeString(directory.resolve("garbage.pem"), "no certificate, no key");

    for (Settings.Server server :
        List.of(server(garbage, made.key()), server(made.certificate(), garbage))) {
      assertThatThrownBy(() -> Ports.check(vertx, server))
          .isInstanceOf(CannotStartException.class)
          .hasMessageContainingAll(garbage.toString(), "--tls-cert", "--tls-key");
    }
  }

  private Settings.Server server(Path certificate, Path key) {
    Map<Setting, String> flags =
        Map.of(
            Setting.PORT,
            "0",
            Setting.MANAGEMENT_PORT,
            "0",
            Setting.TLS_CERT,
            certificate.toString(),
            Setting.TLS_KEY,
            key.toString());
    return ((SettingsLoader.Loaded) SettingsLoader.load(flags, Map.of())).settings().server();
  }
}
