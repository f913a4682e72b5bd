package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runcast.http.Caller.Reply;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * A {@link WholeServer} with all that the {@link RouteTable} is about, for the tests of a class.
 * Whatever they send, nothing of it may count as a fault of the server's.
 */
final class TableServer implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final Logger log = (Logger) LoggerFactory.getLogger(ErrorHandler.class);
  private final ListAppender<ILoggingEvent> faults = new ListAppender<>();
  private WholeServer server;
  private Caller caller;

  @Override
  public void beforeAll(ExtensionContext context) {
    server = new WholeServer();
    server.postgres.execute(Subjects.ROWS);
    caller = new Caller(server.port());
    faults.start();
    log.addAppender(faults);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertThat(faults.list).isEmpty();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    log.detachAppender(faults);
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
