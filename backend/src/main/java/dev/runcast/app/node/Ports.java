package dev.runcast.app.node;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import dev.runcast.http.server.ServerOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the service can have the ports that it wants, and speak TLS on the public one. */
final class Ports {
  private Ports() {}

  /**
   * Tries the certificate and both ports, before anything slow is begun. Blocks a moment.
   *
   * @throws CannotStartException naming the port that is taken, the address that is not ours, or
   *     the file that is of no use
   */
  static void check(Vertx vertx, Settings.Server server) {
    server.tls().ifPresent(tls -> tryOut(vertx, server, tls));
    tryOut(server.host(), server.port(), Setting.HOST, Setting.PORT);
    tryOut(
        server.managementHost(),
        server.managementPort(),
        Setting.MANAGEMENT_HOST,
        Setting.MANAGEMENT_PORT);
  }

  private static void tryOut(Vertx vertx, Settings.Server server, Settings.Tls tls) {
    requireReadable(tls.certificate(), Setting.TLS_CERT);
    requireReadable(tls.key(), Setting.TLS_KEY);
    try {
      ServerOptions.tls(server.host(), server.port(), tls.certificate(), tls.key())
          .getKeyCertOptions()
          .getKeyManagerFactory(vertx);
    } catch (Exception e) {
      throw new CannotStartException(
          "TLS can't be spoken with %s and %s (%s): give a certificate chain and its private key, both PEM, with %s and %s."
              .formatted(
                  tls.certificate(),
                  tls.key(),
                  e.getMessage(),
                  Setting.TLS_CERT.label(),
                  Setting.TLS_KEY.label()),
          e);
    }
  }

  private static void requireReadable(Path file, Setting setting) {
    try {
      Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CannotStartException(
          "%s can't be read: give this user access to it, or correct %s."
              .formatted(file, setting.label()),
          e);
    }
  }

  private static void tryOut(String host, int port, Setting hostSetting, Setting portSetting) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException | IllegalArgumentException e) {
      throw new CannotStartException(
          "Port %d on %s can't be had (%s): end what uses it, or choose others with %s and %s."
              .formatted(port, host, e.getMessage(), portSetting.label(), hostSetting.label()),
          e);
    }
  }
}
