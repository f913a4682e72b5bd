package dev.runcast.http.realtime.sse;

import dev.runcast.http.AfterPosition;
import dev.runcast.http.ErrorHandler;
import dev.runcast.http.auth.FakeKeys;
import dev.runcast.http.auth.KeyCache;
import dev.runcast.http.auth.Standing;
import dev.runcast.http.realtime.FeedAccess;
import dev.runcast.http.realtime.FeedAdmission;
import dev.runcast.http.realtime.FeedLoop;
import dev.runcast.http.realtime.Rounds;
import dev.runcast.http.realtime.SubscribeParser;
import dev.runcast.http.realtime.explain.ExplainHandler;
import dev.runcast.http.realtime.shape.ShapeHandler;
import dev.runcast.http.realtime.shape.ShapeLoop;
import dev.runcast.http.realtime.socket.SocketFeeds;
import dev.runcast.http.realtime.socket.SocketHandler;
import dev.runcast.http.server.RoutesFixture;
import dev.runcast.hub.Hub;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.store.Targets.RunTarget;
import dev.runcast.subscribe.Arriving;
import dev.runcast.subscribe.Limits;
import dev.runcast.subscribe.SubscribeFlow;
import dev.runcast.subscribe.TallyFlow;
import dev.runcast.subscribe.revocation.RevocationWatch;
import dev.runcast.testing.Bearers;
import dev.runcast.wire.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The public port as it is, over a table in memory and a log that tests write: everything but
 * Postgres is the real thing.
 */
public final class FeedServer extends VerticleBase {
  public static final EnvironmentId ENV = new EnvironmentId("env_dev");
  public static final String SECRET = "tr_dev_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

  private static final Incarnation INCARNATION = new Incarnation(1, 7);

  private static final AtomicLong LOG = new AtomicLong();

  /** From here on no transaction has had such an id. */
  public static final long NEVER_GIVEN = 1L << 40;

  private final HttpServerOptions listen;
  private final FeedLoop.Pace pace;
  private final Limits limits;
  private final Hub.Budgets budgets;
  private final InstantSource clock;
  private final AtomicInteger sockets = new AtomicInteger();

  /** How long polls are held; to be set before it starts. */
  private Duration hold = Duration.ofMinutes(10);

  public final TableInMemory table = new TableInMemory();
  private HttpServer server;
  private Hub hub;
  private FeedLoop loop;
  private SseLoop sse;

  /** The log goes on from one server to the next, as a real one does. */
  private Lsn last = new Lsn(LOG.addAndGet(1_000_000));

  public FeedServer(
      HttpServerOptions listen,
      FeedLoop.Pace pace,
      Limits limits,
      Hub.Budgets budgets,
      InstantSource clock) {
    this.listen = listen;
    this.pace = pace;
    this.limits = limits;
    this.budgets = budgets;
    this.clock = clock;
  }

  public static FeedServer start(
      Vertx vertx, HttpServerOptions listen, FeedLoop.Pace pace, Limits limits) {
    return new FeedServer(listen, pace, limits, Hub.Budgets.DEFAULT, InstantSource.system())
        .startOn(vertx);
  }

  public FeedServer startOn(Vertx vertx) {
    vertx.deployVerticle(this).await();
    return this;
  }

  /** A server whose long polls are held no longer than this. */
  public static FeedServer holding(Vertx vertx, HttpServerOptions listen, Duration hold) {
    FeedServer server =
        new FeedServer(
            listen, unhurried(), new Limits(3, 2), Hub.Budgets.DEFAULT, InstantSource.system());
    server.hold = hold;
    return server.startOn(vertx);
  }

  private void later(Duration delay, Runnable task) {
    vertx.setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
  }

  public static FeedLoop.Pace unhurried() {
    return new FeedLoop.Pace(Duration.ofMinutes(10), Duration.ofHours(1));
  }

  @Override
  public Future<?> start() {
    hub =
        new Hub(
            budgets, clock, (delay, task) -> vertx.setTimer(delay.toMillis(), timer -> task.run()));
    loop = new FeedLoop(vertx, pace, clock, new Random(1));
    RevocationWatch revocations = Bearers.watch(hub);
    KeyCache keys = new FakeKeys().with(ENV.value(), SECRET).cache(clock);
    SubscribeFlow flow =
        new SubscribeFlow(
            hub,
            table,
            new TallyFlow(hub, table, 2, this::later, revocations),
            4,
            (delay, task) -> vertx.setTimer(50, timer -> task.run()),
            revocations);
    FeedAccess access =
        new FeedAccess(
            (environment, run) -> Future.succeededFuture(target(environment, run.value())),
            (environment, batch) -> Future.succeededFuture(batch.value().equals("batch_1")));
    SubscribeParser parser = new SubscribeParser(clock);
    sse = new SseLoop(loop, ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop());
    FeedAdmission admission = new FeedAdmission(parser, access, after(hub));
    SseHandler feeds = new SseHandler(flow, limits, admission, sse);
    ShapeLoop turns = new ShapeLoop(vertx, flow, hold, clock, new Random(1));
    ShapeHandler polls = new ShapeHandler(turns, limits, access, parser);
    server =
        vertx
            .createHttpServer(listen)
            .connectionHandler(
                connection -> {
                  sockets.incrementAndGet();
                  connection.closeHandler(closed -> sockets.decrementAndGet());
                })
            .invalidRequestHandler(ErrorHandler::refuse)
            .requestHandler(
                RoutesFixture.router(
                    vertx,
                    keys,
                    new Standing(revocations, clock),
                    clock,
                    feeds,
                    polls,
                    auth -> new SocketHandler(new SocketFeeds(flow, limits, admission, auth, loop)),
                    new ExplainHandler(parser, table)));
    tell(List.of());
    return server.listen();
  }

  private AfterPosition after(Hub heard) {
    Arriving arriving =
        new Arriving(
            heard,
            Duration.ofMillis(200),
            (delay, task) -> vertx.setTimer(delay.toMillis(), timer -> task.run()));
    return new AfterPosition(arriving, xid -> Future.succeededFuture(xid < NEVER_GIVEN));
  }

  private Optional<RunTarget> target(EnvironmentId environment, String run) {
    return table.find(environment, run).map(row -> new RunTarget("task", row.tags(), null, false));
  }

  @Override
  public Future<?> stop() {
    hub.endAll(CloseCode.SHUTDOWN);
    loop.endAll(CloseCode.SHUTDOWN);
    sse.close();
    return server.close();
  }

  public int port() {
    return server.actualPort();
  }

  /** Writes rows to the table and tells of them, in one turn of the event loop. */
  public void commit(Run... rows) {
    onLoop(
        () -> {
          tell(List.of(rows));
          return null;
        });
  }

  public int subscriptions() {
    return onLoop(() -> hub.audience().size());
  }

  public int connections() {
    return onLoop(() -> loop.connections());
  }

  /** Connections that requests came over and that are not closed. */
  public int sockets() {
    return sockets.get();
  }

  /** How often a subscriber was so slow that what waited for it was dropped. */
  public long slowCount() {
    return onLoop(() -> hub.audience().stragglers().givenUp());
  }

  /** Has every connection visited once, as happens by itself in each round. */
  public void round() {
    onLoop(
        () -> {
          for (int i = 0; i < Rounds.STEPS; i++) {
            loop.rounds().step(clock.millis());
          }
          return null;
        });
  }

  /** Has the hub look at the clock, as happens every second. */
  public void tick() {
    onLoop(
        () -> {
          hub.tick();
          return null;
        });
  }

  public FeedLoop loop() {
    return loop;
  }

  private void tell(List<Run> rows) {
    Lsn prev = last;
    List<ChangeBatch.Entry> entries = new ArrayList<>();
    for (Run made : rows) {
      last = new Lsn(last.value() + 8);
      boolean isNew = table.find(ENV, made.id().value()).isEmpty();
      Run row = table.write(made);
      RunChanged change =
          new RunChanged(new Position(last, 0), Instant.EPOCH, row, isNew, null, null);
      entries.add(
          new ChangeBatch.Committed(last, row.changedXid(), Instant.EPOCH, List.of(change)));
    }
    last = new Lsn(last.value() + 8);
    entries.add(new ChangeBatch.Horizon(last, table.nextXid(), table.nextXid()));
    hub.dispatch(new ChangeBatch(INCARNATION, 1, prev, last, entries));
  }

  <T> T onLoop(Callable<T> work) {
    Promise<T> done = Promise.promise();
    context.runOnContext(
        go -> {
          try {
            done.complete(work.call());
          } catch (Exception e) {
            done.fail(e);
          }
        });
    return done.future().await();
  }
}
