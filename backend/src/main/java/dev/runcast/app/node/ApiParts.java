package dev.runcast.app.node;

import dev.runcast.app.tenant.Tenancy;
import dev.runcast.cluster.ChangeBus;
import dev.runcast.config.Settings;
import dev.runcast.engine.Requests;
import dev.runcast.engine.execution.Bounds;
import dev.runcast.engine.stream.Streams;
import dev.runcast.engine.variable.Variables;
import dev.runcast.http.api.Api;
import dev.runcast.http.dev.DevRoutes;
import dev.runcast.http.inside.InsideHandler;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.server.ApiVerticle;
import dev.runcast.http.server.ServerOptions;
import dev.runcast.http.session.SignInLimits;
import dev.runcast.hub.Hub;
import dev.runcast.metrics.Metrics;
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
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;
import java.util.function.Consumer;

/** What the settings mean for the public port: the parts that its event loops share. */
record ApiParts(Settings settings, Shares shares, Tenancy tenancy) {
  private static final int BATCH_ITEMS = 1_000;

  /** What the public port has in common with the rest of the node. */
  record Shares(
      Database database,
      Requests requests,
      Streams streams,
      Metrics metrics,
      InsideHandler.Sources inside) {}

  ApiVerticle.Shared shared(ChangeBus bus) {
    return new ApiVerticle.Shared(
        listen(),
        keys(),
        feeds(bus),
        new ApiVerticle.Streaming(
            shares.streams, new StreamPages(shares.database), shares.metrics::chunksSent),
        management(),
        budgets(),
        shares.metrics,
        InstantSource.system());
  }

  private HttpServerOptions listen() {
    Settings.Server server = settings.server();
    return server
        .tls()
        .map(tls -> ServerOptions.tls(server.host(), server.port(), tls.certificate(), tls.key()))
        .orElseGet(() -> ServerOptions.clear(server.host(), server.port()));
  }

  private ApiVerticle.Keys keys() {
    Settings.Sessions sessions = settings.security().sessions();
    return new ApiVerticle.Keys(
        new KeyStore(shares.database),
        this::open,
        new ApiVerticle.Dashboard(
            new SessionTable(
                shares.database, new SessionTable.Lengths(sessions.life(), sessions.idle())),
            new SignInLimits(InstantSource.system(), sessions.trustedProxies()::holds),
            tenancy.tenants()::rotateKey,
            new ApiVerticle.Logins(
                new LoginTable(shares.database),
                new SignInLimits(InstantSource.system(), sessions.trustedProxies()::holds)),
            shares.inside),
        revoking());
  }

  private SigningKey open(KeyStore.SealedKey key) {
    return SigningKey.of(tenancy.vault().open(key.sealed().getBytes()).reveal());
  }

  private ApiVerticle.Revoking revoking() {
    return new ApiVerticle.Revoking(new Revocations(), new RevocationReads(shares.database)::since);
  }

  private ApiVerticle.Feeds feeds(ChangeBus bus) {
    Settings.Reads reads = settings.realtime().reads();
    return new ApiVerticle.Feeds(
        new RunFeeds(shares.database, new RunFeeds.PageSize(reads.pageRows(), reads.pageBytes())),
        new RunTallies(shares.database),
        new Targets(shares.database),
        limits(),
        consumer -> follow(bus, consumer));
  }

  private ApiVerticle.Management management() {
    Settings.Limits limits = settings.limits();
    return new ApiVerticle.Management(
        new Api.Backing(
            shares.database,
            shares.requests,
            engineLimits(limits),
            InstantSource.system(),
            settings.server().requestTimeout()),
        new Variables(tenancy.vault()),
        new DevRoutes.Backing(
            bounds(settings.engine()),
            key -> tenancy.vault().open(key.sealed().getBytes()).reveal()),
        limits.bodyBytes());
  }

  static dev.runcast.engine.Limits engineLimits(Settings.Limits limits) {
    return new dev.runcast.engine.Limits(
        limits.payloadBytes(),
        limits.metadataBytes(),
        limits.tags(),
        limits.tagLength(),
        limits.depth(),
        BATCH_ITEMS);
  }

  static Bounds bounds(Settings.Engine engine) {
    return new Bounds(
        engine.concurrentRuns(),
        engine.beginWithin(),
        engine.heardWithin(),
        engine.cancelWithin(),
        engine.shortRetry());
  }

  private Limits limits() {
    Settings.Limits chosen = settings.limits();
    Limits limits = new Limits(chosen.environmentSubscriptions(), chosen.tokenSubscriptions());
    shares.metrics.watchSubscriptions(limits::openSubscriptions);
    return limits;
  }

  private static Runnable follow(ChangeBus bus, Consumer<ChangeBatch> consumer) {
    Future<ChangeBus.Subscriber> subscriber = bus.subscribe(consumer);
    return () -> subscriber.onSuccess(ChangeBus.Subscriber::unsubscribe);
  }

  private ApiVerticle.Budgets budgets() {
    Settings.Realtime realtime = settings.realtime();
    return new ApiVerticle.Budgets(
        new Hub.Budgets(
            realtime.ring().bytes(),
            realtime.ring().unprovenBytes(),
            realtime.outbox().bytes(),
            realtime.outbox().stuckAfter(),
            settings.tail().staleAfter()),
        realtime.reads().concurrent(),
        new FeedLoop.Pace(realtime.pingEvery(), realtime.maxConnectionAge()));
  }
}
