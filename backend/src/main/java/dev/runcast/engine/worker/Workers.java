package dev.runcast.engine.worker;

import dev.runcast.engine.Ids;
import dev.runcast.engine.RefusedException;
import dev.runcast.engine.execution.Enrolment;
import dev.runcast.engine.schedule.DeclaredSchedules;
import dev.runcast.engine.schedule.DeclaredSchedules.Declared;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import dev.runcast.store.worker.NewWorker;
import dev.runcast.store.worker.NewWorker.DeclaredQueue;
import dev.runcast.store.worker.NewWorker.Task;
import dev.runcast.store.worker.Worker;
import dev.runcast.store.worker.WorkerTable;
import io.vertx.core.Future;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Registers builds of tasks; every call works within the transaction it is given. */
public final class Workers {
  private static final String ENVIRONMENT = "DEVELOPMENT";

  private Workers() {}

  /**
   * A build after its registration.
   *
   * @param released how many runs had waited for it
   * @param first whether it is the environment's first, and runs from before are to be looked after
   */
  public record Registered(Worker worker, int released, boolean first) {}

  /**
   * Registers a build, which is the current one from now on.
   *
   * <p>Fails with a {@link RefusedException} when two of its tasks have the same id.
   */
  public static Future<Registered> register(
      Transaction transaction, EnvironmentId environment, NewWorker made) {
    requireDistinct(made.tasks());
    WorkerTable table = new WorkerTable(transaction);
    return table
        .takeTurn(environment)
        .compose(today -> current(table, environment, made, version(today.orElseThrow())))
        .compose(
            worker ->
                table
                    .declare(environment, queues(made))
                    .compose(
                        declared ->
                            DeclaredSchedules.sync(transaction, environment, schedules(made)))
                    .compose(synced -> Enrolment.begin(transaction, environment))
                    .compose(
                        first ->
                            table
                                .release(environment, worker)
                                .map(released -> new Registered(worker, released, first))));
  }

  private static Future<Worker> current(
      WorkerTable table, EnvironmentId environment, NewWorker made, String day) {
    return table
        .newest(environment)
        .compose(
            newest ->
                newest.filter(worker -> worker.contentHash().equals(made.contentHash())).isPresent()
                    ? Future.succeededFuture(newest.get())
                    : table
                        .newestOf(environment, day)
                        .compose(last -> insert(table, environment, made, newest, day, last)));
  }

  private static Future<Worker> insert(
      WorkerTable table,
      EnvironmentId environment,
      NewWorker made,
      Optional<Worker> newest,
      String day,
      Optional<Worker> ofDay) {
    long number = newest.map(Worker::number).orElse(0L) + 1;
    String version = day + "." + (ofDay.map(Workers::count).orElse(0) + 1);
    Worker worker = new Worker(Ids.worker(), number, version, made.contentHash());
    return table.insert(environment, worker, made).map(worker);
  }

  private static String version(LocalDate day) {
    return day.format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  private static int count(Worker worker) {
    return Integer.parseInt(worker.version().substring(worker.version().indexOf('.') + 1));
  }

  /** The queues that it declares, and those that its tasks use. */
  private static List<DeclaredQueue> queues(NewWorker made) {
    Map<String, DeclaredQueue> queues = new LinkedHashMap<>();
    made.tasks().forEach(task -> queues.put(task.queue(), new DeclaredQueue(task.queue(), null)));
    made.queues().forEach(queue -> queues.put(queue.name(), queue));
    return new ArrayList<>(queues.values());
  }

  /** Those that are meant for where code is being worked on. */
  private static List<Declared> schedules(NewWorker made) {
    List<Declared> schedules = new ArrayList<>();
    for (Task task : made.tasks()) {
      NewWorker.Schedule schedule = task.schedule();
      if (schedule != null
          && (schedule.environments() == null || schedule.environments().contains(ENVIRONMENT))) {
        schedules.add(
            new Declared(task.id(), schedule.cron(), schedule.timezone(), schedule.window()));
      }
    }
    return schedules;
  }

  private static void requireDistinct(List<Task> tasks) {
    Map<String, Task> known = new HashMap<>();
    for (Task task : tasks) {
      Task other = known.putIfAbsent(task.id(), task);
      if (other != null) {
        throw RefusedException.unprocessable(
            "metadata.tasks",
            "Two tasks have the id %s, in %s and in %s: give each its own."
                .formatted(task.id(), other.place().filePath(), task.place().filePath()));
      }
    }
  }
}
