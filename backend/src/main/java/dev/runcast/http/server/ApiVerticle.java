package dev.runcast.http.server;

import dev.runcast.engine.stream.Streams;
import dev.runcast.engine.variable.Variables;
import dev.runcast.http.AfterPosition;
import dev.runcast.http.ErrorHandler;
import dev.runcast.http.api.Api;
import dev.runcast.http.dev.DevRoutes;
import dev.runcast.http.dev.notice.Notices;
import dev.runcast.http.inside.InsideHandler;
import dev.runcast.http.limit.HeadClocks;
import dev.runcast.http.queue.WaitingClaims;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.sse.SseLoop;
import dev.runcast.http.session.KeyHandler;
import dev.runcast.http.session.Sessions;
import dev.runcast.http.session.SignInLimits;
import dev.runcast.hub.Hub;
import dev.runcast.metrics.Metrics;
import dev.runcast.run.ChangeBatch;
import dev.runcast.store.Targets;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.TallyReader;
import dev.runcast.store.login.LoginTable;
import dev.runcast.store.revocation.RevocationReads;
import dev.runcast.store.session.SessionTable;
import dev.runcast.store.stream.StreamPages;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.subscribe.Arriving;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.revocation.RevocationWatch;
import dev.runcast.subscribe.revocation.Revocations;
import dev.runcast.tokens.SigningKey;
import dev.runcast.wire.CloseCode;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public port, on one event loop: a server, a router, a hub and all that they keep. Deploy one
 * for each core; Vert.x spreads the connections over them, and a connection stays where it was
 * accepted.
 */
public final class ApiVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ApiVerticle.class);
  private static final long HUB_TICK_MILLIS = 1_000;

  /** How long who reads after a write of its own waits for this node to hear of it. */
  private static final Duration POSITION_PATIENCE = Duration.ofSeconds(5);

  private static final long FORGET_MILLIS = 60_000;

  /**
   * What the event loops have in common.
   *
   * @param listen from {@link ServerOptions}
   */
  public record Shared(
      HttpServerOptions listen,
      Keys keys,
      Feeds feeds,
      Streaming streaming,
      Management management,
      Budgets budgets,
      Metrics metrics,
      InstantSource clock) {}

  /**
   * Streams of runs.
   *
   * @param onSent told how many chunks were sent to readers, each time; from any event loop
   */
  public record Streaming(Streams streams, StreamPages pages, LongConsumer onSent) {}

  /**
   * Secret keys, and who has signed in with one.
   *
   * @param open unseals a stored key; called on event loops, must not block
   */
  public record Keys(
      KeyStore store,
      Function<KeyStore.SealedKey, SigningKey> open,
      Dashboard dashboard,
      Revoking revoking) {}

  /**
   * What only the dashboard is for.
   *
   * @param rotate see {@link KeyHandler}
   */
  public record Dashboard(
      SessionTable sessions,
      SignInLimits limits,
      Function<Sessions.InSession, Future<KeyHandler.NewKey>> rotate,
      Logins logins,
      InsideHandler.Sources inside) {}

  /**
   * Who is let in by those who have signed in.
   *
   * @param limits other than those of signing in
   */
  public record Logins(LoginTable table, SignInLimits limits) {}

  /**
   * What of credentials is taken back.
   *
   * @param known to this node
   * @param reads see {@link RevocationReads#since}
   */
  public record Revoking(Revocations known, LongFunction<Future<RevocationReads.Read>> reads) {}

  /**
   * Where subscriptions come from.
   *
   * @param changes has every batch given to a hub, on the event loop that calls; answers how to
   *     stop that
   */
  public record Feeds(
      FeedReader reader,
      TallyReader tallies,
      Targets targets,
      Limits limits,
      Function<Consumer<ChangeBatch>, Runnable> changes) {}

  /**
   * What the management API works on.
   *
   * @param dev what executing tasks takes
   * @param maxBody of a request, in bytes
   */
  public record Management(
      Api.Backing backing, Variables variables, DevRoutes.Backing dev, int maxBody) {}

  /**
   * How much each event loop may hold and do.
   *
   * @param reads of the table for subscriptions, at once
   */
  public record Budgets(Hub.Budgets hub, int reads, FeedLoop.Pace pace) {}

  private final Shared shared;
  private @Nullable HttpServer server;
  private @Nullable Router router;
  private @Nullable Running running;

  /** What must be told of the end. */
  private record Running(Hub hub, LoopRouter.Loops loops, Runnable stopChanges) {}

  public ApiVerticle(Shared shared) {
    this.shared = shared;
  }

  @Override
  public Future<?> start() {
    RandomGenerator random = new SplittableRandom();
    FeedLoop feeds = new FeedLoop(vertx, shared.budgets.pace, shared.clock, random);
    Hub hub =
        new Hub(
            shared.budgets.hub,
            shared.clock,
            (delay, task) -> vertx.setTimer(delay.toMillis(), timer -> task.run()));
    Revoking revoking = shared.keys.revoking;
    RevocationWatch revocations = new RevocationWatch(hub, revoking.known, revoking.reads);
    Notices notices =
        new Notices(
            shared.management.backing.database()::visibility,
            (millis, task) -> later(Duration.ofMillis(millis), task));
    LoopRouter.Loops loops =
        new LoopRouter.Loops(
            feeds,
            new SseLoop(feeds, eventLoop()),
            revocations,
            after(hub),
            notices,
            new WaitingClaims(vertx));
    HubPulse pulse = new HubPulse(hub, feeds::connections, shared.metrics, shared.clock);
    dashboard().inside.census().join(vertx.getOrCreateContext(), hub);
    vertx.setPeriodic(HUB_TICK_MILLIS, timer -> pulse.beat());
    vertx.setPeriodic(FORGET_MILLIS, timer -> revoking.known.forgetExpired(shared.clock.instant()));
    Consumer<ChangeBatch> heard = revocations::hear;
    running =
        new Running(
            hub,
            loops,
            shared.feeds.changes.apply(
                heard
                    .andThen(pulse::dispatch)
                    .andThen(notices::hear)
                    .andThen(loops.claims()::hear)));
    Router table = new LoopRouter(vertx, shared, hub, loops, random).router();
    router = table;
    HeadClocks clocks = new HeadClocks(requestTimeout());
    HttpServer made =
        vertx
            .createHttpServer(HeadClocks.limitSilence(shared.listen, requestTimeout()))
            .connectionHandler(connection -> connected(connection, clocks))
            .invalidRequestHandler(ErrorHandler::refuse)
            .requestHandler(table);
    server = made;
    return made.listen();
  }

  private AfterPosition after(Hub hub) {
    Arriving arriving =
        new Arriving(
            hub,
            POSITION_PATIENCE,
            (delay, task) -> vertx.setTimer(delay.toMillis(), timer -> task.run()));
    return new AfterPosition(arriving, shared.management.backing.database()::hasGivenOut);
  }

  private EventLoop eventLoop() {
    return ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
  }

  private Duration requestTimeout() {
    return shared.management.backing.requestTimeout();
  }

  private static void connected(HttpConnection connection, HeadClocks clocks) {
    connection.exceptionHandler(ApiVerticle::connectionBroke);
    clocks.watch(connection);
  }

  private void later(Duration delay, Runnable task) {
    vertx.setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
  }

  private Dashboard dashboard() {
    return shared.keys.dashboard;
  }

  /** Clients come and go as they like: nothing to warn of. */
  private static void connectionBroke(Throwable cause) {
    log.debug("connection broke cause={}", cause.toString());
  }

  /** Tells every subscriber that it may come back, and does not wait until they have left. */
  @Override
  public Future<?> stop() {
    Running ending = running;
    if (ending != null) {
      ending.stopChanges.run();
      dashboard().inside.census().leave(ending.hub);
      ending.loops.claims().endAll();
      ending.hub.endAll(CloseCode.SHUTDOWN);
      ending.loops.feeds().endAll(CloseCode.SHUTDOWN);
      ending.loops.sse().close();
    }
    return server == null ? Future.succeededFuture() : server.close();
  }

  /** All that is served here; once started. */
  public List<Route> routes() {
    return router == null ? List.of() : router.getRoutes();
  }

  /** The port that was bound; once started. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }
}
