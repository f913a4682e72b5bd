package dev.runcast.app.node;

import dev.runcast.config.Secret;
import dev.runcast.config.Settings;
import java.util.Optional;

/**
 * What {@code up} prints once the service runs: where it is, what opens it, and two lines to paste.
 *
 * @param port the one that was bound
 * @param demo whether pretend tasks run
 */
public record Welcome(
    Settings.Server server,
    int port,
    Secret secretKey,
    Optional<Secret> personalToken,
    boolean demo) {
  private static final String DEMO =
      "\n  The demo is running: pretend tasks start runs without end, all tagged `demo`.\n";

  /** The text, secrets in clear: for the terminal of whoever started the service, not for logs. */
  public String text() {
    String url = url();
    String key = secretKey.reveal();
    String token =
        personalToken
            .map(Secret::reveal)
            .orElse("made earlier, and not kept in this data directory");
    return """

        Runcast is up.

          Dashboard       %s
          Secret key      %s
          Personal token  %s
        %s
        Watch every change of the environment, live:

          curl -N -H 'Authorization: Bearer %s' -H 'Accept: text/event-stream' %s/realtime/v1/runs

        Start a run, in another terminal:

          curl -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '{"payload":{"hello":"world"}}' %s/api/v1/tasks/hello/trigger

        Ctrl-C stops everything.
        """
        .formatted(url, key, token, demo ? DEMO : "", key, url, key, url);
  }

  /** Where a client on this machine finds the service. */
  public String url() {
    String shown = host().contains(":") ? "[" + host() + "]" : host();
    return (server.tls().isPresent() ? "https://" : "http://") + shown + ":" + port;
  }

  /** An address that reaches the service from this machine. */
  public String host() {
    boolean everywhere = server.host().equals("0.0.0.0") || server.host().equals("::");
    return everywhere ? "127.0.0.1" : server.host();
  }
}
