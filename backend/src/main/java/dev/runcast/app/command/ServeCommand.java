package dev.runcast.app.command;

import dev.runcast.app.node.Application;
import dev.runcast.app.node.Welcome;
import dev.runcast.cluster.ClusteredVertx;
import dev.runcast.config.CannotStartException;
import dev.runcast.config.Section;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** The two commands that start the service. They return once it runs; its threads go on. */
public final class ServeCommand {
  /** The exit code that means "do not exit". */
  public static final int GOES_ON = -1;

  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);
  private static final Duration STOP_AT_MOST = Duration.ofMinutes(2);

  private ServeCommand() {}

  /** Starts the service with a database of its own, unless one is named. */
  static CommandSpec up() {
    return command(
        "up",
        "Start everything on this machine: the embedded Postgres and the service.",
        parsed ->
            serve(SettingsOptions.load(parsed), welcome -> System.out.println(welcome.text())));
  }

  /** Starts the service on a database that somebody else runs. */
  static CommandSpec serve() {
    return command(
        "serve",
        "Start the service on your own Postgres (15 to 18, wal_level = logical).",
        // No secrets: what a server prints ends in a log.
        parsed ->
            serve(
                SettingsOptions.load(parsed, Setting.DATABASE_URL),
                welcome -> log.info("serving url={}", welcome.url())));
  }

  private static CommandSpec command(String name, String description, Action action) {
    CommandSpec spec = Commands.leaf(name, description, action);
    SettingsOptions.addTo(spec, Section.values());
    return spec;
  }

  private static int serve(Settings settings, Consumer<Welcome> greet) {
    if (!settings.server().loopbackOnly()) {
      log.warn(
          "listening on {}: whoever reaches this machine reaches the service, and only its keys"
              + " keep them out",
          settings.server().host());
    }
    Vertx vertx = vertx(settings.cluster());
    Future<Application.Started> starting = Application.start(vertx, settings);
    // Ctrl-C while starting waits for the start to end, so that it leaves nothing behind.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx, starting), "shutdown"));
    greet.accept(starting.await().welcome());
    return GOES_ON;
  }

  private static Vertx vertx(Settings.Cluster cluster) {
    VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
    return ClusteredVertx.start(options, cluster)
        .recover(
            e ->
                Future.failedFuture(
                    new CannotStartException(
                        "This node can't join its cluster at %s:%d (%s): correct %s and %s."
                            .formatted(
                                cluster.host(),
                                cluster.port(),
                                e.getMessage(),
                                Setting.CLUSTER_HOST.label(),
                                Setting.CLUSTER_PORT.label()),
                        e)))
        .await();
  }

  private static void stop(Vertx vertx, Future<Application.Started> starting) {
    try {
      starting
          .transform(
              started ->
                  started.succeeded()
                      ? started.result().application().stop()
                      : Future.<Void>succeededFuture())
          .await(STOP_AT_MOST.toSeconds(), TimeUnit.SECONDS);
      vertx.close().await(STOP_AT_MOST.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      log.error("did not stop within {} s", STOP_AT_MOST.toSeconds());
    }
  }
}
