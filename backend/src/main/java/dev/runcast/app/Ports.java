package dev.runcast.app;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Whether the service can have the ports that it wants. */
final class Ports {
  private Ports() {}

  /**
   * Tries both ports, before anything slow is begun. Blocks a moment.
   *
   * @throws CannotStartException naming the one that is taken, or the address that is not ours
   */
  static void check(Settings.Server server) {
    tryOut(server.host(), server.port(), Setting.HOST, Setting.PORT);
    tryOut(
        server.managementHost(),
        server.managementPort(),
        Setting.MANAGEMENT_HOST,
        Setting.MANAGEMENT_PORT);
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
