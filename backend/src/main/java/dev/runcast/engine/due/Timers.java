package dev.runcast.engine.due;

import dev.runcast.config.Settings;
import dev.runcast.engine.execution.Enrolment;
import dev.runcast.engine.execution.Lapses;
import dev.runcast.engine.wait.Cancellations;
import dev.runcast.engine.wait.Resumption;
import dev.runcast.store.Database;
import dev.runcast.store.DatabaseAwayException;
import dev.runcast.store.table.DueClaims;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due, on every node. One timer is armed for the earliest row; {@link #dueAt} moves it
 * up when this node has written an earlier one, and a look every few seconds finds what others
 * wrote. Deploy one a node, after the schema is up to date; undeploying waits for the transaction
 * under way.
 *
 * <p>While the database fails it tries again, ever more slowly, and says so once.
 */
public final class Timers extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Timers.class);

  /** How many rows one transaction changes: some milliseconds of work. */
  private static final int CHUNK = 500;

  private static final long NO_TIMER = -1;

  private final Database database;
  private final DueRuns runs;
  private final DueWaitpoints waitpoints;
  private final DueSchedules schedules;
  private final Lapses lapses;
  private final Resumption resumption;
  private final Cancellations cancellations;
  private final Enrolment enrolment;
  private final Sweep sweep;
  private final InstantSource clock;
  private final Pace pace;
  private final SplittableRandom random = new SplittableRandom();

  // What follows is owned by the verticle's event loop.
  private Future<Void> look = Future.succeededFuture();
  private Instant alarm = Instant.MAX;
  private long timer = NO_TIMER;
  private int failures;
  private boolean stopped;

  /**
   * @param lapses what is due of runs that workers have
   * @param clock only to tell how far off a time given to {@link #dueAt} is
   */
  public Timers(
      Database database, Settings.Retention retention, Lapses lapses, InstantSource clock) {
    this(database, retention, lapses, clock, Pace.DEFAULT);
  }

  Timers(
      Database database,
      Settings.Retention retention,
      Lapses lapses,
      InstantSource clock,
      Pace pace) {
    this.lapses = lapses;
    this.enrolment = new Enrolment(database);
    this.resumption = new Resumption(database, lapses.runs());
    this.cancellations = new Cancellations(database, lapses.runs());
    this.database = database;
    this.runs = new DueRuns(database, CHUNK);
    this.waitpoints = new DueWaitpoints(database, CHUNK);
    this.schedules = new DueSchedules(database);
    this.sweep = new Sweep(database, retention, CHUNK);
    this.clock = clock;
    this.pace = pace;
  }

  @Override
  public Future<?> start() {
    return sweep.plan().onSuccess(planned -> look());
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return look;
  }

  /**
   * Hears of a row that this node has committed. From any thread.
   *
   * @param at the time of that row
   */
  public void dueAt(Instant at) {
    @Nullable Context home = context;
    if (home != null) {
      home.runOnContext(here -> hear(at));
    }
  }

  private void hear(Instant at) {
    if (at.isBefore(alarm)) {
      alarm = at;
      arm();
    }
  }

  /** What is heard of during a look may have been written too late for it: the alarm keeps it. */
  private void look() {
    alarm = Instant.MAX;
    look =
        lookOnce()
            .map(this::worked)
            .otherwise(this::failed)
            .map(
                wait -> {
                  Instant next = clock.instant().plus(wait);
                  alarm = next.isBefore(alarm) ? next : alarm;
                  return null;
                });
    look.onComplete(done -> arm());
  }

  private void arm() {
    if (stopped || !look.isComplete()) {
      return;
    }
    vertx.cancelTimer(timer);
    long ms = Math.max(1, Duration.between(clock.instant(), alarm).toMillis());
    timer = vertx.setTimer(ms, fired -> look());
  }

  private Future<Duration> lookOnce() {
    return new DueClaims(database.autocommit())
        .earliest()
        .compose(
            earliest ->
                earliest.filter(wait -> wait.compareTo(Duration.ZERO) <= 0).isPresent()
                    ? work()
                    : Future.succeededFuture(pace.untilDue(earliest)));
  }

  /**
   * Delays before expiries, so that a run whose both are overdue is told as queued first. What
   * fails of itself holds up nothing after it.
   */
  private Future<Duration> work() {
    List<Supplier<Future<Boolean>>> kinds =
        List.of(
            runs::enqueue,
            runs::expire,
            waitpoints::timeOut,
            () -> schedules.fire(vertx),
            enrolment::next,
            resumption::next,
            cancellations::next,
            lapses::next,
            sweep::next);
    List<Throwable> failed = new ArrayList<>();
    Future<Boolean> moved = Future.succeededFuture(false);
    for (Supplier<Future<Boolean>> kind : kinds) {
      moved = moved.compose(before -> tried(kind, failed).map(did -> before || did));
    }
    return moved.compose(
        any ->
            failed.isEmpty()
                ? Future.succeededFuture(pace.afterWork(any))
                : Future.failedFuture(failed.get(0)));
  }

  private static Future<Boolean> tried(Supplier<Future<Boolean>> kind, List<Throwable> failed) {
    return kind.get()
        .recover(
            failure -> {
              if (failure instanceof DatabaseAwayException) {
                return Future.failedFuture(failure);
              }
              failed.add(failure);
              return Future.succeededFuture(false);
            });
  }

  private Duration worked(Duration wait) {
    if (failures > 0) {
      log.info("timers work again failures={}", failures);
      failures = 0;
    }
    return wait;
  }

  private Duration failed(Throwable failure) {
    failures++;
    if (failures == 1) {
      log.warn(
          failure instanceof DatabaseAwayException
              ? "timers are held up, for the database is away; they try again"
              : "timers are held up, for something that is due fails; they try again",
          failure);
    }
    return pace.afterFailure(failures, random.nextDouble());
  }
}
