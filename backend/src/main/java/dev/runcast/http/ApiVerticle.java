package dev.runcast.http;

import dev.runcast.engine.stream.Streams;
import dev.runcast.engine.variable.Variables;
import dev.runcast.http.api.Api;
import dev.runcast.http.api.request.Bodies;
import dev.runcast.http.api.request.ChangeParser;
import dev.runcast.http.api.waitpoint.InputWaitsHandler;
import dev.runcast.http.api.waitpoint.WaitpointsHandler;
import dev.runcast.http.auth.BearerAuth;
import dev.runcast.http.auth.KeyCache;
import dev.runcast.http.auth.RevokeHandler;
import dev.runcast.http.auth.Standing;
import dev.runcast.http.auth.TokenHandler;
import dev.runcast.http.auth.TokenMint;
import dev.runcast.http.dev.DevRoutes;
import dev.runcast.http.dev.boot.PersonalAuth;
import dev.runcast.http.dev.notice.NoticeHandler;
import dev.runcast.http.dev.notice.Notices;
import dev.runcast.http.inside.InsideHandler;
import dev.runcast.http.limit.BodyLimit;
import dev.runcast.http.limit.HeadClocks;
import dev.runcast.http.queue.ClaimsHandler;
import dev.runcast.http.queue.WaitingClaims;
import dev.runcast.http.realtime.FeedAccess;
import dev.runcast.http.realtime.FeedAdmission;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.SubscribeParser;
import dev.runcast.http.realtime.explain.ExplainHandler;
import dev.runcast.http.realtime.shape.ShapeHandler;
import dev.runcast.http.realtime.shape.ShapeLoop;
import dev.runcast.http.realtime.socket.SocketFeeds;
import dev.runcast.http.realtime.socket.SocketHandler;
import dev.runcast.http.realtime.sse.SseHandler;
import dev.runcast.http.realtime.sse.SseLoop;
import dev.runcast.http.session.ApprovalsHandler;
import dev.runcast.http.session.KeyHandler;
import dev.runcast.http.session.LoginHandler;
import dev.runcast.http.session.SessionHandler;
import dev.runcast.http.session.Sessions;
import dev.runcast.http.session.SignInLimits;
import dev.runcast.http.stream.StreamLoop;
import dev.runcast.http.stream.StreamReadHandler;
import dev.runcast.http.stream.StreamRoutes;
import dev.runcast.http.stream.StreamWriteHandler;
import dev.runcast.hub.Hub;
import dev.runcast.json.JsonText;
import dev.runcast.metrics.Metrics;
import dev.runcast.run.ChangeBatch;
import dev.runcast.store.Targets;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.TallyReader;
import dev.runcast.store.login.LoginTable;
import dev.runcast.store.revocation.RevocationReads;
import dev.runcast.store.session.SessionTable;
import dev.runcast.store.stream.StreamPages;
import dev.runcast.store.tenant.BranchTable;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.store.tenant.PersonalTokens;
import dev.runcast.subscribe.Arriving;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.StreamFlow;
import dev.runcast.subscribe.SubscribeFlow;
import dev.runcast.subscribe.TallyFlow;
import dev.runcast.subscribe.revocation.RevocationWatch;
import dev.runcast.subscribe.revocation.Revocations;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenVerifier;
import dev.runcast.wire.CloseCode;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
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

  /** Each may go through all rows of a feed, and nobody waits for more than one of them. */
  private static final int CONCURRENT_TALLIES = 2;

  /** The clients of the long poll and the proxies before them bear at least this. */
  private static final Duration POLL_HOLD = Duration.ofSeconds(20);

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

  /** What the connections of this event loop share. */
  private record Loops(
      FeedLoop feeds,
      SseLoop sse,
      RevocationWatch revocations,
      AfterPosition after,
      Notices notices,
      WaitingClaims claims) {}

  /** What must be told of the end. */
  private record Running(Hub hub, Loops loops, Runnable stopChanges) {}

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
    Loops loops =
        new Loops(
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
                heard.andThen(pulse::dispatch).andThen(notices::hear).andThen(loops.claims::hear)));
    Router table = router(hub, loops, random);
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

  private Router router(Hub hub, Loops loops, RandomGenerator random) {
    KeyCache keys = new KeyCache(shared.keys.store, shared.keys.open, shared.clock);
    Sessions sessions = new Sessions(dashboard().sessions);
    Standing standing = new Standing(loops.revocations, shared.clock);
    BearerAuth auth =
        new BearerAuth(keys, new TokenVerifier(shared.clock), standing)
            .orSignedIn(sessions::principal);
    TokenMint mint = new TokenMint(keys, shared.clock);
    SubscribeFlow flow =
        new SubscribeFlow(
            hub,
            shared.feeds.reader,
            new TallyFlow(
                hub, shared.feeds.tallies, CONCURRENT_TALLIES, this::later, loops.revocations),
            shared.budgets.reads,
            (delay, task) -> vertx.setTimer(jittered(delay, random), timer -> task.run()),
            loops.revocations);
    Router router =
        new Routes(auth, new TokenHandler(mint), feeds(auth, flow, loops, random))
            .router(vertx, requestTimeout());
    Handler<RoutingContext> body =
        Routes.body(BodyLimit.chosen(shared.management.maxBody), requestTimeout());
    mountDashboard(router, sessions);
    streams(hub, loops, random).mount(router, auth, body, chunkBody());
    Api.create(shared.management.backing, mint, hub.heard()::now, loops.after)
        .mount(router, auth, body);
    new WaitpointsHandler(shared.management.backing, mint).mount(router, auth, body);
    new InputWaitsHandler(shared.management.backing).mount(router, auth, body);
    new RevokeHandler(shared.management.backing, shared.keys.revoking.known)
        .mount(router, auth, body);
    Management management = shared.management;
    Stored.create(management.backing, management.variables, management.dev.bounds())
        .mount(router, auth, body);
    claims(mint, loops.claims).mount(router, auth, body);
    dev(router, auth, body);
    new NoticeHandler(
            new NoticeHandler.Channels(
                loops.notices,
                auth,
                shared.feeds.limits,
                loops.feeds,
                new BranchTable(shared.management.backing.database())::family))
        .mount(router);
    return router;
  }

  private ClaimsHandler claims(TokenMint mint, WaitingClaims waiting) {
    Api.Backing backing = shared.management.backing;
    return new ClaimsHandler(
        new ClaimsHandler.Parts(
            backing.database(),
            backing.requests(),
            Api.claims(backing),
            new Bodies(new JsonText(backing.limits().depth())),
            new ChangeParser(backing.limits(), backing.clock())),
        mint,
        waiting);
  }

  private void dev(Router router, BearerAuth auth, Handler<RoutingContext> body) {
    Management management = shared.management;
    DevRoutes.create(management.backing, management.variables, management.dev)
        .mount(
            router,
            auth,
            new PersonalAuth(auth, new PersonalTokens(management.backing.database())),
            body);
  }

  private void mountDashboard(Router router, Sessions sessions) {
    new SessionHandler(dashboard().sessions, dashboard().limits)
        .mount(router, Routes.smallBody(requestTimeout()));
    new KeyHandler(sessions, dashboard().rotate).mount(router);
    Logins logins = dashboard().logins;
    new LoginHandler(logins.table, logins.limits).mount(router, Routes.smallBody(requestTimeout()));
    new ApprovalsHandler(sessions, logins.table).mount(router, Routes.smallBody(requestTimeout()));
    new InsideHandler(sessions, dashboard().inside).mount(router);
  }

  private Dashboard dashboard() {
    return shared.keys.dashboard;
  }

  private Handler<RoutingContext> chunkBody() {
    int bytes = shared.streaming.streams.limits().chunkBytes();
    return Routes.body(new BodyLimit(bytes, "the limit for one chunk"), requestTimeout());
  }

  private StreamRoutes streams(Hub hub, Loops loops, RandomGenerator random) {
    StreamFlow flow =
        new StreamFlow(
            hub,
            shared.streaming.pages,
            shared.budgets.reads,
            (delay, task) -> vertx.setTimer(jittered(delay, random), timer -> task.run()),
            loops.revocations);
    JsonText json = new JsonText(shared.management.backing.limits().depth());
    return new StreamRoutes(
        shared.streaming.streams,
        new StreamWriteHandler(shared.streaming.streams, json),
        new StreamReadHandler(
            flow,
            shared.feeds.limits,
            new FeedAccess(shared.feeds.targets),
            new StreamLoop(vertx, loops.feeds, loops.sse, shared.streaming.onSent)));
  }

  private Routes.Feeds feeds(
      BearerAuth auth, SubscribeFlow flow, Loops loops, RandomGenerator random) {
    Limits limits = shared.feeds.limits;
    FeedAccess access = new FeedAccess(shared.feeds.targets);
    SubscribeParser parser = new SubscribeParser(shared.clock);
    FeedAdmission admission = new FeedAdmission(parser, access, loops.after);
    ShapeLoop turns = new ShapeLoop(vertx, flow, POLL_HOLD, shared.clock, random);
    return new Routes.Feeds(
        new SseHandler(flow, limits, admission, loops.sse),
        new ShapeHandler(turns, limits, access, parser),
        new SocketHandler(
            new SocketFeeds(flow, limits, admission, auth.alsoInQuery(), loops.feeds)),
        new ExplainHandler(parser, shared.feeds.reader));
  }

  private void later(Duration delay, Runnable task) {
    vertx.setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
  }

  private static long jittered(Duration delay, RandomGenerator random) {
    long most = Math.max(2, delay.toMillis());
    return most / 2 + random.nextLong(most);
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
      ending.loops.claims.endAll();
      ending.hub.endAll(CloseCode.SHUTDOWN);
      ending.loops.feeds.endAll(CloseCode.SHUTDOWN);
      ending.loops.sse.close();
    }
    return server == null ? Future.succeededFuture() : server.close();
  }

  /** All that is served here; once started. */
  List<Route> routes() {
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
