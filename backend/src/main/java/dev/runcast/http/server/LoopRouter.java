package dev.runcast.http.server;

import dev.runcast.http.AfterPosition;
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
import dev.runcast.http.dev.RefusalLog;
import dev.runcast.http.dev.boot.PersonalAuth;
import dev.runcast.http.dev.notice.NoticeHandler;
import dev.runcast.http.dev.notice.Notices;
import dev.runcast.http.inside.InsideHandler;
import dev.runcast.http.limit.BodyLimit;
import dev.runcast.http.presence.Presence;
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
import dev.runcast.http.stream.StreamLoop;
import dev.runcast.http.stream.StreamReadHandler;
import dev.runcast.http.stream.StreamRoutes;
import dev.runcast.http.stream.StreamWriteHandler;
import dev.runcast.hub.Hub;
import dev.runcast.json.JsonText;
import dev.runcast.store.tenant.BranchTable;
import dev.runcast.store.tenant.PersonalTokens;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.StreamFlow;
import dev.runcast.subscribe.SubscribeFlow;
import dev.runcast.subscribe.TallyFlow;
import dev.runcast.subscribe.revocation.RevocationWatch;
import dev.runcast.tokens.TokenVerifier;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Makes the routes of one event loop, and the handlers behind them. Used once, on that loop. */
final class LoopRouter {
  /** Each may go through all rows of a feed, and nobody waits for more than one of them. */
  private static final int CONCURRENT_TALLIES = 2;

  /** The clients of the long poll and the proxies before them bear at least this. */
  private static final Duration POLL_HOLD = Duration.ofSeconds(20);

  /** What the connections of this event loop share. */
  record Loops(
      FeedLoop feeds,
      SseLoop sse,
      RevocationWatch revocations,
      AfterPosition after,
      Notices notices,
      WaitingClaims claims) {}

  private final Vertx vertx;
  private final ApiVerticle.Shared shared;
  private final Hub hub;
  private final Loops loops;
  private final RandomGenerator random;

  LoopRouter(Vertx vertx, ApiVerticle.Shared shared, Hub hub, Loops loops, RandomGenerator random) {
    this.vertx = vertx;
    this.shared = shared;
    this.hub = hub;
    this.loops = loops;
    this.random = random;
  }

  /** All routes, with their handlers. */
  Router router() {
    KeyCache keys = new KeyCache(shared.keys().store(), shared.keys().open(), shared.clock());
    Sessions sessions = new Sessions(dashboard().sessions());
    Standing standing = new Standing(loops.revocations(), shared.clock());
    BearerAuth auth =
        new BearerAuth(keys, new TokenVerifier(shared.clock()), standing)
            .orSignedIn(sessions::principal);
    TokenMint mint = new TokenMint(keys, shared.clock());
    SubscribeFlow flow =
        new SubscribeFlow(
            hub,
            shared.feeds().reader(),
            new TallyFlow(
                hub,
                shared.feeds().tallies(),
                CONCURRENT_TALLIES,
                this::later,
                loops.revocations()),
            shared.budgets().reads(),
            (delay, task) -> vertx.setTimer(jittered(delay), timer -> task.run()),
            loops.revocations());
    Router router =
        new Routes(auth, new TokenHandler(mint), feeds(auth, flow)).router(vertx, requestTimeout());
    new RefusalLog(shared.clock()).mount(router);
    Handler<RoutingContext> body =
        Routes.body(BodyLimit.chosen(shared.management().maxBody()), requestTimeout());
    mountDashboard(router, sessions);
    streams().mount(router, auth, body, chunkBody());
    Api.create(shared.management().backing(), mint, hub.heard()::now, loops.after())
        .mount(router, auth, body);
    new WaitpointsHandler(shared.management().backing(), mint).mount(router, auth, body);
    new InputWaitsHandler(shared.management().backing()).mount(router, auth, body);
    new RevokeHandler(shared.management().backing(), shared.keys().revoking().known())
        .mount(router, auth, body);
    ApiVerticle.Management management = shared.management();
    Stored.create(management.backing(), management.variables(), management.dev().bounds())
        .mount(router, auth, body);
    Presence presence = new Presence(management.backing().database(), shared.clock());
    claims(mint, presence).mount(router, auth, body);
    dev(router, auth, body, presence);
    new NoticeHandler(
            new NoticeHandler.Channels(
                loops.notices(),
                auth,
                shared.feeds().limits(),
                loops.feeds(),
                new BranchTable(shared.management().backing().database())::family))
        .mount(router);
    return router;
  }

  private ClaimsHandler claims(TokenMint mint, Presence presence) {
    Api.Backing backing = shared.management().backing();
    return new ClaimsHandler(
        new ClaimsHandler.Parts(
            backing.database(),
            backing.requests(),
            Api.claims(backing),
            new Bodies(new JsonText(backing.limits().depth())),
            new ChangeParser(backing.limits(), backing.clock())),
        mint,
        loops.claims(),
        presence);
  }

  private void dev(
      Router router, BearerAuth auth, Handler<RoutingContext> body, Presence presence) {
    ApiVerticle.Management management = shared.management();
    DevRoutes.create(management.backing(), management.variables(), management.dev(), presence)
        .mount(
            router,
            auth,
            new PersonalAuth(auth, new PersonalTokens(management.backing().database())),
            body);
  }

  private void mountDashboard(Router router, Sessions sessions) {
    new SessionHandler(dashboard().sessions(), dashboard().limits())
        .mount(router, Routes.smallBody(requestTimeout()));
    new KeyHandler(sessions, dashboard().rotate()).mount(router);
    ApiVerticle.Logins logins = dashboard().logins();
    new LoginHandler(logins.table(), logins.limits())
        .mount(router, Routes.smallBody(requestTimeout()));
    new ApprovalsHandler(sessions, logins.table())
        .mount(router, Routes.smallBody(requestTimeout()));
    new InsideHandler(sessions, dashboard().inside()).mount(router);
  }

  private ApiVerticle.Dashboard dashboard() {
    return shared.keys().dashboard();
  }

  private Handler<RoutingContext> chunkBody() {
    int bytes = shared.streaming().streams().limits().chunkBytes();
    return Routes.body(new BodyLimit(bytes, "the limit for one chunk"), requestTimeout());
  }

  private StreamRoutes streams() {
    StreamFlow flow =
        new StreamFlow(
            hub,
            shared.streaming().pages(),
            shared.budgets().reads(),
            (delay, task) -> vertx.setTimer(jittered(delay), timer -> task.run()),
            loops.revocations());
    JsonText json = new JsonText(shared.management().backing().limits().depth());
    return new StreamRoutes(
        shared.streaming().streams(),
        new StreamWriteHandler(shared.streaming().streams(), json),
        new StreamReadHandler(
            flow,
            shared.feeds().limits(),
            new FeedAccess(shared.feeds().targets()),
            new StreamLoop(vertx, loops.feeds(), loops.sse(), shared.streaming().onSent())));
  }

  private Routes.Feeds feeds(BearerAuth auth, SubscribeFlow flow) {
    Limits limits = shared.feeds().limits();
    FeedAccess access = new FeedAccess(shared.feeds().targets());
    SubscribeParser parser = new SubscribeParser(shared.clock());
    FeedAdmission admission = new FeedAdmission(parser, access, loops.after());
    ShapeLoop turns = new ShapeLoop(vertx, flow, POLL_HOLD, shared.clock(), random);
    return new Routes.Feeds(
        new SseHandler(flow, limits, admission, loops.sse()),
        new ShapeHandler(turns, limits, access, parser),
        new SocketHandler(
            new SocketFeeds(flow, limits, admission, auth.alsoInQuery(), loops.feeds())),
        new ExplainHandler(parser, shared.feeds().reader()));
  }

  private Duration requestTimeout() {
    return shared.management().backing().requestTimeout();
  }

  private void later(Duration delay, Runnable task) {
    vertx.setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
  }

  private long jittered(Duration delay) {
    long most = Math.max(2, delay.toMillis());
    return most / 2 + random.nextLong(most);
  }
}
