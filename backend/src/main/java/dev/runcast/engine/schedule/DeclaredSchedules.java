package dev.runcast.engine.schedule;

import dev.runcast.engine.RefusedException;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Transaction;
import dev.runcast.store.schedule.DeclarationTable;
import dev.runcast.store.schedule.Schedule;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The schedules that stand in the code of tasks. Stateless. */
public final class DeclaredSchedules {
  private DeclaredSchedules() {}

  /**
   * A schedule as a task's code has it.
   *
   * @param timezone null for UTC
   * @param window how much later a run may begin; null for not at all
   */
  public record Declared(
      String task, String cron, @Nullable String timezone, @Nullable String window) {}

  /**
   * Makes the declared schedules of an environment these: what is new is made, what has changed is
   * changed, what is declared no more is removed. One that was turned off stays so.
   *
   * <p>Fails with a {@link RefusedException} that names the task, when an expression, a zone or a
   * window can't be read; nothing is changed then.
   */
  public static Future<Void> sync(
      Transaction transaction, EnvironmentId environment, List<Declared> declared) {
    try {
      List<Schedule.Plan> plans = declared.stream().map(DeclaredSchedules::plan).toList();
      return new DeclarationTable(transaction).replace(environment, plans);
    } catch (RefusedException e) {
      return Future.failedFuture(e);
    }
  }

  private static Schedule.Plan plan(Declared declared) {
    requireCron(declared);
    String zone = declared.timezone() == null ? "UTC" : declared.timezone();
    try {
      ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw refused(declared, "its timezone must be the IANA name of one, such as Europe/Paris.");
    }
    String window = declared.window();
    if (window != null && DelayWindow.parse(window).isEmpty()) {
      throw refused(declared, "its window must be minutes or hours up to 24 hours, or up to 100%.");
    }
    return new Schedule.Plan(declared.task(), declared.cron(), zone, window, null);
  }

  private static void requireCron(Declared declared) {
    try {
      Cron.parse(declared.cron());
    } catch (UnreadableCronException e) {
      throw refused(declared, e.sentence());
    }
  }

  private static RefusedException refused(Declared declared, String reason) {
    return RefusedException.unprocessable(
        "schedule", "The schedule of task %s: %s".formatted(declared.task(), reason));
  }
}
