package dev.runcast.it.bench.hubfed;

import dev.runcast.cluster.ChangeBus;
import dev.runcast.config.PostgresAddress;
import dev.runcast.engine.Requests;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.stream.ChunkWriter;
import dev.runcast.engine.stream.Streams;
import dev.runcast.engine.variable.Variables;
import dev.runcast.http.api.Api;
import dev.runcast.http.dev.DevRoutes;
import dev.runcast.http.inside.FeedCensus;
import dev.runcast.http.inside.InsideHandler;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.server.ApiVerticle;
import dev.runcast.http.server.ServerOptions;
import dev.runcast.http.session.SignInLimits;
import dev.runcast.hub.Hub;
import dev.runcast.keys.KeyVault;
import dev.runcast.keys.MasterKey;
import dev.runcast.metrics.Metrics;
import dev.runcast.metrics.ServicePulse;
import dev.runcast.run.ChangeBatch;
import dev.runcast.store.Database;
import dev.runcast.store.Targets;
import dev.runcast.store.feed.RunFeeds;
import dev.runcast.store.feed.RunTallies;
import dev.runcast.store.login.LoginTable;
import dev.runcast.store.revocation.RevocationReads;
import dev.runcast.store.session.SessionTable;
import dev.runcast.store.stream.StreamPages;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.revocation.Revocations;
import dev.runcast.tokens.SigningKey;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The service's own public port, one verticle a core, put together as the service does it. */
final class HubFedService {
  private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors();
  private static final int READS = 4;
  private static final int LARGEST_BODY = 8 << 20;
  private static final int SUBSCRIPTIONS = 50_000;

  private HubFedService() {}

  /** The port it listens on. */
  static Future<Integer> deploy(Vertx vertx, PostgresAddress address, ChangeBus bus) {
    Database database = Database.open(vertx, options(address), Database.Size.DEFAULT);
    HttpServerOptions listen = ServerOptions.clear("127.0.0.1", 0);
    ApiVerticle.Shared shared =
        new ApiVerticle.Shared(
            listen,
            new ApiVerticle.Keys(
                new KeyStore(database),
                stored -> SigningKey.of("only secret keys are used here"),
                new ApiVerticle.Dashboard(
                    new SessionTable(database, SessionTable.Lengths.DEFAULT),
                    new SignInLimits(InstantSource.system()),
                    in -> Future.failedFuture("nobody signs in here"),
                    new ApiVerticle.Logins(
                        new LoginTable(database), new SignInLimits(InstantSource.system())),
                    new InsideHandler.Sources(
                        new ServicePulse(Metrics.none()), new FeedCensus(), Optional::empty)),
                new ApiVerticle.Revoking(new Revocations(), new RevocationReads(database)::since)),
            new ApiVerticle.Feeds(
                new RunFeeds(database, RunFeeds.PageSize.DEFAULT),
                new RunTallies(database),
                new Targets(database),
                new Limits(SUBSCRIPTIONS, SUBSCRIPTIONS),
                consumer -> follow(bus, consumer)),
            new ApiVerticle.Streaming(
                new Streams(
                    database,
                    new Requests(database, due -> {}),
                    new ChunkWriter(database, stored -> {}),
                    new Streams.Limits(1 << 20, 100)),
                new StreamPages(database),
                sent -> {}),
            new ApiVerticle.Management(
                new Api.Backing(
                    database,
                    new Requests(database, due -> {}),
                    dev.runcast.engine.Limits.DEFAULT,
                    InstantSource.system()),
                new Variables(new KeyVault(MasterKey.generate())),
                new DevRoutes.Backing(Bounds.DEFAULT, key -> ""),
                LARGEST_BODY),
            new ApiVerticle.Budgets(
                Hub.Budgets.DEFAULT,
                READS,
                new FeedLoop.Pace(Duration.ofSeconds(15), Duration.ofHours(1))),
            Metrics.none(),
            InstantSource.system());
    List<ApiVerticle> verticles = new ArrayList<>();
    return vertx
        .deployVerticle(
            () -> {
              ApiVerticle verticle = new ApiVerticle(shared);
              verticles.add(verticle);
              return verticle;
            },
            new DeploymentOptions().setInstances(EVENT_LOOPS))
        .map(deployed -> verticles.get(0).port());
  }

  private static Runnable follow(ChangeBus bus, Consumer<ChangeBatch> consumer) {
    Future<ChangeBus.Subscriber> subscriber = bus.subscribe(consumer);
    return () -> subscriber.onSuccess(ChangeBus.Subscriber::unsubscribe);
  }

  private static PgConnectOptions options(PostgresAddress address) {
    return new PgConnectOptions()
        .setHost(address.host())
        .setPort(address.port())
        .setDatabase(address.database())
        .setUser(address.user())
        .setPassword(address.password().reveal());
  }
}
