package dev.runcast.engine.execution;

import static dev.runcast.testing.Await.await;
import static dev.runcast.testing.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.store.execution.EnrolmentTable;
import dev.runcast.testing.DueDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which runs the engine has rows of, and from when on. */
class EnrolmentIT {
  private static final EnvironmentId ENVIRONMENT = new EnvironmentId("env");
  private static final String LACKING =
      """
      select id from run where status in ('PENDING', 'PENDING_VERSION') and not exists (
        select from execution e where e.run_id = run.id and e.status = case run.status
          when 'PENDING' then 'QUEUED' else 'PENDING_VERSION' end)""";
  private static final String SURPLUS =
      """
      select run_id from execution where not exists (
        select from run where run.id = run_id and run.status in ('PENDING', 'PENDING_VERSION'))""";

  private DueDatabase db;

  @BeforeEach
  void open() {
    db = DueDatabase.open();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private boolean enrol() {
    return await(db.database().transaction(open -> Enrolment.begin(open, ENVIRONMENT)));
  }

  private boolean look() {
    return await(new Enrolment(db.database(), 100).next());
  }

  private void settle() {
    until(
        "it is settled",
        () -> {
          look();
          return db.text("select settled_at is not null from enrolment").equals("t");
        });
  }

  private void runs(String prefix, int count) {
    db.execute(
        """
        insert into run (environment_id, id, task_identifier)
          select 'env', '%s' || n, 't' from generate_series(1, %d) n"""
            .formatted(prefix, count));
  }

  private static void run(Connection connection, String id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into run (environment_id, id, task_identifier) values ('env', '"
              + id
              + "', 't')");
    }
  }

  @Test
  void whereNobodyAsksForRunsTheyHaveNoRows() {
    runs("r", 3);
    db.execute("update run set status = 'EXECUTING' where id = 'r1'");
    db.execute("update run set status = 'PENDING' where id = 'r1'");

    assertThat(db.texts("select run_id from execution")).isEmpty();
    assertThat(look()).isFalse();
  }

  @Test
  void thoseThatWaitAreKnownAtOnceAndOthersAsTheyCome() {
    runs("r", 3);
    db.run("versioned", "PENDING_VERSION", "", "");
    db.run("done", "COMPLETED_SUCCESSFULLY", "", "");

    assertThat(enrol()).isTrue();
    assertThat(db.texts("select run_id from execution order by 1"))
        .containsExactly("r1", "r2", "r3", "versioned");
    runs("later", 1);
    assertThat(enrol()).as("a second time").isFalse();
    settle();

    assertThat(db.texts(LACKING)).isEmpty();
    assertThat(db.texts(SURPLUS)).isEmpty();
    assertThat(db.texts("select ref from due")).isEmpty();
  }

  @Test
  void aLongBacklogIsTakenByChunksAndWhatHasGoneOnMeanwhileIsNot() {
    runs("r", 2_500);
    enrol();
    assertThat(db.texts(LACKING)).hasSize(500);
    db.execute("update run set status = 'EXECUTING' where id in ('r2400', 'r1')");

    settle();

    assertThat(db.texts(LACKING)).isEmpty();
    assertThat(db.texts(SURPLUS)).isEmpty();
  }

  @Test
  void aRunWhoseWriterWasUnderWayIsFoundWhenThatHasEnded() throws SQLException {
    try (Connection writer = db.postgres().connect()) {
      writer.setAutoCommit(false);
      run(writer, "early");
      enrol();
      for (int i = 0; i < 5; i++) {
        look();
        db.execute("update due set at = now() - interval '1 s'");
      }
      assertThat(db.text("select settled_at is null from enrolment")).isEqualTo("t");
      writer.commit();
    }
    assertThat(db.texts(LACKING)).containsExactly("early");

    settle();

    assertThat(db.texts(LACKING)).isEmpty();
  }

  @Test
  void aRunOfATransactionThatSeesAnOldStateHasItsRowAnyway() throws SQLException {
    try (Connection writer = db.postgres().connect();
        Statement statement = writer.createStatement()) {
      writer.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      writer.setAutoCommit(false);
      statement.execute("select 1");
      enrol();
      settle();
      run(writer, "old");
      writer.commit();
    }

    assertThat(db.texts(LACKING)).isEmpty();
  }

  @Test
  void aRunThatSomebodyHeldLockedIsNotForgotten() throws SQLException {
    runs("r", 3);
    try (Connection holder = db.postgres().connect();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("select from run where id = 'r2' for update");
      enrol();
      assertThat(db.texts(LACKING)).containsExactly("r2");
      holder.rollback();
    }

    settle();

    assertThat(db.texts(LACKING)).isEmpty();
  }

  @Test
  void whoTriggersWhileItHappensLosesNothing() throws Exception {
    int writers = 6;
    CountDownLatch begun = new CountDownLatch(writers);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<?>> writing = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      String prefix = "w" + i + "_";
      writing.add(threads.submit(() -> write(prefix, begun)));
    }
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    enrol();
    for (Future<?> one : writing) {
      one.get();
    }
    threads.shutdown();
    settle();

    assertThat(db.text("select count(*) from run")).isEqualTo(Integer.toString(writers * 150));
    assertThat(db.texts(LACKING)).isEmpty();
    assertThat(db.texts(SURPLUS)).isEmpty();
    assertThat(await(new EnrolmentTable(db.database().autocommit()).claim())).isEmpty();
  }

  private Void write(String prefix, CountDownLatch begun) throws SQLException {
    try (Connection connection = db.postgres().connect();
        Statement statement = connection.createStatement()) {
      for (int n = 0; n < 150; n++) {
        run(connection, prefix + n);
        if (n % 3 == 0) {
          statement.execute("update run set status = 'EXECUTING' where id = '" + prefix + n + "'");
        }
        if (n % 6 == 0) {
          statement.execute("update run set status = 'PENDING' where id = '" + prefix + n + "'");
        }
        if (n == 50) {
          begun.countDown();
        }
      }
    }
    return null;
  }
}
