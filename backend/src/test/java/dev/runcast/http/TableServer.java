package dev.runcast.http;

import dev.runcast.http.Caller.Reply;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A {@link WholeServer} with all that the {@link RouteTable} is about, for the tests of a class.
 */
final class TableServer implements BeforeAllCallback, AfterAllCallback {
  private WholeServer server;
  private Caller caller;

  @Override
  public void beforeAll(ExtensionContext context) {
    server = new WholeServer();
    server.postgres.execute(RouteTable.SUBJECTS);
    caller = new Caller(server.port());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    server.close();
  }

  Reply call(Sample sample, @Nullable String credential, String... headers) {
    return caller.call(sample, credential, headers);
  }

  Reply call(Sample sample, @Nullable String credential, BodyPublisher body) {
    return caller.call(sample, credential, body);
  }

  int port() {
    return server.port();
  }

  Set<String> routes() {
    return server.routes();
  }

  /** All that is stored of env_dev, in so few letters that two states can be compared. */
  String state() {
    return server.state("env_dev");
  }
}
