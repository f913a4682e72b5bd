package dev.runcast.app;

import dev.runcast.cluster.ChangeBus;
import dev.runcast.config.Settings;
import dev.runcast.http.ApiVerticle;
import dev.runcast.http.realtime.SseLoop;
import dev.runcast.hub.Hub;
import dev.runcast.run.ChangeBatch;
import dev.runcast.store.Database;
import dev.runcast.store.KeyStore;
import dev.runcast.store.RunFeeds;
import dev.runcast.store.Targets;
import dev.runcast.subscribe.Limits;
import dev.runcast.tokens.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;
import java.util.function.Consumer;

/** From settings to the parts that the event loops have in common. */
record Wiring(Settings settings, Database database, Tenancy tenancy, ChangeBus bus) {

  ApiVerticle.Shared apiParts(HttpServerOptions listen) {
    return new ApiVerticle.Shared(listen, keys(), feeds(), budgets(), InstantSource.system());
  }

  private ApiVerticle.Keys keys() {
    return new ApiVerticle.Keys(
        new KeyStore(database),
        key -> SigningKey.of(tenancy.vault().open(key.sealed().getBytes()).reveal()));
  }

  private ApiVerticle.Feeds feeds() {
    Settings.Reads reads = settings.realtime().reads();
    Settings.Limits limits = settings.limits();
    return new ApiVerticle.Feeds(
        new RunFeeds(database, new RunFeeds.PageSize(reads.pageRows(), reads.pageBytes())),
        new Targets(database),
        new Limits(limits.environmentSubscriptions(), limits.tokenSubscriptions()),
        this::subscribe);
  }

  private Runnable subscribe(Consumer<ChangeBatch> consumer) {
    Future<ChangeBus.Subscriber> subscribed = bus.subscribe(consumer);
    return () -> subscribed.onSuccess(ChangeBus.Subscriber::unsubscribe);
  }

  private ApiVerticle.Budgets budgets() {
    Settings.Realtime realtime = settings.realtime();
    Hub.Budgets hub =
        new Hub.Budgets(
            realtime.ring().bytes(),
            2L * realtime.ring().bytes(),
            realtime.outbox().bytes(),
            realtime.outbox().stuckAfter(),
            settings.tail().staleAfter());
    return new ApiVerticle.Budgets(
        hub,
        realtime.reads().concurrent(),
        new SseLoop.Pace(realtime.pingEvery(), realtime.maxConnectionAge()));
  }
}
