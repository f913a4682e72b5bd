package dev.runcast.engine.schedule;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.engine.RefusedException;
import dev.runcast.engine.schedule.DeclaredSchedules.Declared;
import dev.runcast.run.EnvironmentId;
import dev.runcast.testing.DueDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeclaredSchedulesIT {
  private static final EnvironmentId ENVIRONMENT = new EnvironmentId("env");
  private static final Declared REPORT = new Declared("report", "0 9 * * *", null, null);

  private DueDatabase db;

  @BeforeEach
  void open() {
    db = DueDatabase.open();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void sync(Declared... declared) {
    await(
        db.database()
            .transaction(
                transaction ->
                    DeclaredSchedules.sync(transaction, ENVIRONMENT, List.of(declared))));
  }

  private List<String> told() {
    return db.texts(
        "select concat_ws(' ', task, cron, timezone, delay_window, active) from schedule order by task");
  }

  @Test
  void theDeclaredAreThoseOfTheLastSyncAndKeepTheirIds() {
    sync(REPORT, new Declared("clean", "@daily", "Asia/Tokyo", "10%"));
    String id = db.text("select id from schedule where task = 'report'");

    sync(
        new Declared("report", "0 10 * * *", "Europe/Paris", null),
        new Declared("mail", "@hourly", null, null));

    assertThat(told()).containsExactly("mail @hourly UTC t", "report 0 10 * * * Europe/Paris t");
    assertThat(db.text("select id from schedule where task = 'report'")).isEqualTo(id);
    assertThat(db.texts("select distinct type from schedule")).containsExactly("DECLARATIVE");
    assertThat(db.text("select count(*) from due where kind = 'SCHEDULE'")).isEqualTo("2");
  }

  @Test
  void theSameAgainChangesNothing() {
    sync(REPORT);
    db.execute("update schedule set active = false");
    String before = db.text("select (updated_at, served_until, active)::text from schedule");

    sync(REPORT);

    assertThat(db.text("select (updated_at, served_until, active)::text from schedule"))
        .isEqualTo(before);
  }

  @Test
  void schedulesThatSomebodyMadeAreLetAlone() {
    db.execute(
        "insert into schedule (environment_id, id, task, cron, timezone, deduplication_key)"
            + " values ('env', 'sched_1', 'report', '@yearly', 'UTC', 'k')");

    sync(REPORT);
    sync();

    assertThat(told()).containsExactly("report @yearly UTC t");
  }

  @Test
  void whatCannotBeReadIsRefusedByTheNameOfItsTask() {
    sync(REPORT);

    for (Declared bad :
        List.of(
            new Declared("bad", "at noon", null, null),
            new Declared("bad", "@daily", "Middle/Earth", null),
            new Declared("bad", "@daily", null, "101%"))) {
      assertThatThrownBy(() -> sync(bad))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("The schedule of task bad: ");
    }
    assertThat(told()).containsExactly("report 0 9 * * * UTC t");
  }
}
