package dev.runcast.engine.due;

import dev.runcast.engine.DueChunks;
import dev.runcast.engine.Ids;
import dev.runcast.engine.TriggerOrder;
import dev.runcast.engine.Triggers;
import dev.runcast.engine.schedule.Cron;
import dev.runcast.engine.schedule.DelayWindow;
import dev.runcast.engine.schedule.Occurrences;
import dev.runcast.engine.schedule.Occurrences.Occurrence;
import dev.runcast.engine.schedule.ScheduledPayload;
import dev.runcast.engine.schedule.UnreadableCronException;
import dev.runcast.run.RunStatus;
import dev.runcast.store.Database;
import dev.runcast.store.Transaction;
import dev.runcast.store.schedule.DueSchedule;
import dev.runcast.store.schedule.FiringTable;
import dev.runcast.store.schedule.Schedule;
import dev.runcast.store.table.DueTable;
import dev.runcast.store.table.DueTable.Due;
import dev.runcast.store.table.DueTable.Kind;
import dev.runcast.store.table.NewRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to schedules whose time has come: the run of the last time that has passed is
 * triggered, and the next time set. A schedule that was written in between wants only the latter.
 * All of it is one transaction, so that a time has one run however many nodes look. Stateless.
 */
final class DueSchedules {
  private static final Logger log = LoggerFactory.getLogger(DueSchedules.class);

  /** Some tens of milliseconds of reading expressions. */
  private static final int CHUNK = 20;

  private static final int UPCOMING = 10;

  private static final Duration SHORTEST_LIFE = Duration.ofMinutes(10);

  private final DueChunks chunks;
  private final Triggers triggers = new Triggers(InstantSource.system());

  DueSchedules(Database database) {
    this.chunks = new DueChunks(database, Kind.SCHEDULE, CHUNK);
  }

  /**
   * What is to be done about a schedule.
   *
   * @param begun the time that wants a run; null for none
   * @param payload of that run
   * @param next when to look again; null for never
   */
  private record Step(
      DueSchedule due,
      @Nullable Occurrence begun,
      @Nullable String payload,
      @Nullable Instant next) {}

  /**
   * Triggers what is due. Says whether any time had come.
   *
   * @param vertx whose worker threads read the expressions
   */
  Future<Boolean> fire(Vertx vertx) {
    return chunks.next(
        (transaction, claimed) ->
            new FiringTable(transaction)
                .load(claimed)
                .compose(due -> vertx.executeBlocking(() -> steps(due), false))
                .compose(steps -> take(transaction, steps)));
  }

  private static List<Step> steps(List<DueSchedule> due) {
    return due.stream().map(DueSchedules::step).toList();
  }

  private static Step step(DueSchedule due) {
    Occurrences times;
    try {
      times = occurrences(due.schedule());
    } catch (UnreadableCronException | RuntimeException e) {
      log.warn(
          "a schedule's expression or zone can't be read, so it triggers nothing until it is"
              + " changed environment={} schedule={}",
          due.environment(),
          due.schedule().id());
      return new Step(due, null, null, null);
    }
    Optional<Occurrence> begun = times.latestBegun(due.servedUntil(), due.now());
    Instant from = begun.map(Occurrence::at).orElse(due.servedUntil());
    return new Step(
        due,
        begun.orElse(null),
        begun.map(time -> payload(due, time.at(), times)).orElse(null),
        times.after(from).map(Occurrence::begin).orElse(null));
  }

  private static Occurrences occurrences(Schedule schedule) throws UnreadableCronException {
    Schedule.Plan plan = schedule.plan();
    String window = plan.window();
    return new Occurrences(
        schedule.id(),
        Cron.parse(plan.cron()),
        ZoneId.of(plan.timezone()),
        window == null ? null : DelayWindow.parse(window).orElse(null));
  }

  private static String payload(DueSchedule due, Instant at, Occurrences times) {
    Schedule schedule = due.schedule();
    return new ScheduledPayload(
            schedule.declarative(),
            schedule.id(),
            at,
            due.lastAt(),
            schedule.plan().timezone(),
            schedule.plan().externalId(),
            times.upcoming(at, UPCOMING))
        .text();
  }

  private Future<Void> take(Transaction transaction, List<Step> steps) {
    Future<Void> done = Future.succeededFuture();
    for (Step step : steps) {
      done = done.compose(before -> take(transaction, step));
    }
    return done;
  }

  private Future<Void> take(Transaction transaction, Step step) {
    Occurrence begun = step.begun();
    String payload = step.payload();
    return begun == null || payload == null
        ? putNext(transaction, step)
        : trigger(transaction, step, begun.at(), payload)
            .compose(triggered -> putNext(transaction, step));
  }

  private Future<Void> trigger(Transaction transaction, Step step, Instant at, String payload) {
    DueSchedule due = step.due();
    Instant until = untilBegun(step);
    NewRun run = run(due, payload, until);
    FiringTable firings = new FiringTable(transaction);
    return firings
        .record(due, at, run.id())
        .compose(
            first ->
                first
                    ? triggers
                        .trigger(transaction, new TriggerOrder(run, until, null, null, null))
                        .<Void>mapEmpty()
                    : Future.succeededFuture())
        .compose(triggered -> firings.serve(due, at));
  }

  /**
   * A run that nobody has begun by the next time makes way for that one's: else a night without a
   * worker would end in hundreds of them. Null for a schedule that has no next time.
   */
  private static @Nullable Instant untilBegun(Step step) {
    Instant next = step.next();
    Instant soonest = step.due().now().plus(SHORTEST_LIFE);
    return next == null || next.isAfter(soonest) ? next : soonest;
  }

  private static NewRun run(DueSchedule due, String payload, @Nullable Instant until) {
    String ttl = until == null ? null : 1 + Duration.between(due.now(), until).toMinutes() + "m";
    String task = due.schedule().plan().task();
    return new NewRun(
        due.environment(),
        Ids.run(),
        RunStatus.PENDING,
        task,
        List.of(),
        new NewRun.Origin(null, null, null, "trigger"),
        new NewRun.Traits(
            null, null, null, null, null, null, ttl, new NewRun.Bounds(0, null, null, false)),
        new NewRun.Contents(payload, ScheduledPayload.TYPE, null, null, null, null, null));
  }

  private static Future<Void> putNext(Transaction transaction, Step step) {
    Instant next = step.next();
    DueSchedule due = step.due();
    return next == null
        ? Future.succeededFuture()
        : new DueTable(transaction)
            .put(List.of(new Due(Kind.SCHEDULE, due.environment(), due.schedule().id(), next)));
  }
}
