package dev.runcast.engine.due;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.config.Settings;
import dev.runcast.testing.DueDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepIT {
  private static final Settings.Retention AGES =
      new Settings.Retention(
          Duration.ofDays(30),
          Duration.ofDays(7),
          Duration.ofDays(3),
          Duration.ofDays(1),
          Duration.ofDays(5),
          Duration.ofHours(1));

  /** What is due of runs. */
  private static final String[] OF_RUNS = {"DELAY", "TTL", "EXECUTION", "RESUME", "CANCEL"};

  private static DueDatabase db;

  @BeforeAll
  static void open() {
    db = DueDatabase.open();
  }

  @AfterAll
  static void close() {
    db.close();
  }

  @BeforeEach
  void empty() {
    db.execute(
        """
        update run set status = 'DELETED' where status <> 'DELETED';
        delete from run;
        delete from tombstone; delete from purge_watermark; delete from batch;
        delete from batch_reused_item; delete from due; delete from idempotency_key;
        delete from debounce; delete from request_result; delete from used_token; delete from stream;
        delete from stream_segment; delete from stream_writer; delete from packet;
        delete from waitpoint; delete from execution; delete from task; delete from worker;
        insert into due values ('SWEEP', '', '', now())""");
  }

  private static boolean sweep() {
    return await(new Sweep(db.database(), AGES, 100).next());
  }

  /** A run that was made, and if it is finished also ended, so many days ago. */
  private static void run(String id, String status, int days) {
    boolean finished = !status.equals("EXECUTING");
    String then = "now() - interval '%d days'".formatted(days);
    db.run(id, status, "created_at, completed_at", then + (finished ? ", " + then : ", null"));
  }

  private static void tombstone(String id, int days) {
    run(id, "CANCELED", days);
    db.execute("update run set status = 'DELETED' where id = '" + id + "'");
    db.execute(
        "update tombstone set deleted_at = now() - interval '%d days' where run_id = '%s'"
            .formatted(days, id));
  }

  @Test
  void marksOnlyWhatFinishedLongAgo() {
    run("old", "COMPLETED_SUCCESSFULLY", 31);
    run("old_failure", "EXPIRED", 31);
    run("recent", "COMPLETED_SUCCESSFULLY", 29);
    run("unfinished", "EXECUTING", 300);
    run("changed", "COMPLETED_SUCCESSFULLY", 31);
    db.execute("update run set tags = '{kept}' where id = 'changed'");

    assertThat(sweep()).isTrue();

    assertThat(db.texts("select id from run where status = 'DELETED' order by id"))
        .containsExactly("old", "old_failure");
    assertThat(db.texts("select run_id from tombstone order by run_id"))
        .containsExactly("old", "old_failure");
  }

  @Test
  void purgesOldTombstonesAndWhatHungOnThem() {
    tombstone("gone", 8);
    tombstone("still", 6);
    for (String run : new String[] {"gone", "still"}) {
      for (String kind : OF_RUNS) {
        db.due(kind, run, "now() + interval '1 h'");
      }
      db.execute(
"""
insert into idempotency_key values ('env', 't', 'k_%1$s', '%1$s', now() + interval '1 h');
insert into debounce values ('env', 't', 'd_%1$s', '%1$s');
insert into stream (environment_id, run_id, key) values ('env', '%1$s', 's');
insert into stream_writer (environment_id, run_id, key, client_id) values ('env', '%1$s', 's', 'c');
insert into stream_segment
    (environment_id, run_id, key, first_seq, revision, count, chunks, writers, appended_at)
  values ('env', '%1$s', 's', 0, 1, 1, '1', 0, now() - interval '2 d')"""
              .formatted(run));
    }
    String xid = db.text("select changed_xid from run where id = 'gone'");

    sweep();

    assertThat(db.texts("select id from run")).containsExactly("still");
    assertThat(db.texts("select run_id from tombstone")).containsExactly("still");
    assertThat(db.text("select xid from purge_watermark")).isEqualTo(xid);
    assertThat(db.texts("select kind from due where ref = 'still'"))
        .containsExactlyInAnyOrder(OF_RUNS);
    assertThat(db.texts("select kind from due where ref = 'gone'")).isEmpty();
    assertThat(db.texts("select run_id from idempotency_key")).containsExactly("still");
    assertThat(db.texts("select run_id from debounce")).containsExactly("still");
    assertThat(db.texts("select run_id from stream")).containsExactly("still");
    assertThat(db.texts("select run_id from stream_writer")).containsExactly("still");
    assertThat(db.texts("select run_id from stream_segment")).containsExactly("still");
  }

  @Test
  void aRunStaysUntilItsDebounceKeyCanGoWithIt() throws Exception {
    tombstone("held", 9);
    tombstone("free", 8);
    db.execute(
        """
        insert into debounce values ('env', 't', 'd_held', 'held'), ('env', 't', 'd_free', 'free')""");
    try (Connection connection = db.postgres().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select from debounce where run_id = 'held' for update");

      sweep();
      connection.rollback();
    }

    assertThat(db.texts("select id from run")).containsExactly("held");
    assertThat(db.texts("select run_id from tombstone")).containsExactly("held");
    assertThat(db.texts("select key from debounce")).containsExactly("d_held");
    db.execute("update due set at = now()");
    sweep();
    assertThat(db.texts("select id from run")).isEmpty();
    assertThat(db.texts("select key from debounce")).isEmpty();
  }

  @Test
  void removesChunksThatAreOldAndNoOthers() {
    db.execute(
        """
        insert into stream_segment
            (environment_id, run_id, key, first_seq, revision, count, chunks, writers, appended_at)
          values ('env', 'r', 's', 0, 1, 1, '1', 0, now() - interval '4 d'),
            ('env', 'r', 's', 1, 2, 1, '2', 0, now() - interval '2 d')""");

    sweep();

    assertThat(db.texts("select first_seq::text from stream_segment")).containsExactly("1");
  }

  @Test
  void sparesARunThatWasTakenOutOfItsTomb() {
    tombstone("back", 8);
    db.execute("update run set status = 'EXECUTING' where id = 'back'");

    sweep();

    assertThat(db.statusOf("back")).isEqualTo("EXECUTING");
    assertThat(db.texts("select run_id from tombstone")).isEmpty();
  }

  @Test
  void removesKeysAnswersAndTokensThatHaveHadTheirTime() {
    db.execute(
        """
        insert into idempotency_key values
          ('env', 't', 'expired', 'r', now() - interval '1 s'),
          ('env', 't', 'valid', 'r', now() + interval '1 h');
        insert into request_result
            (environment_id, principal, route, key, body_digest, status, body, created_at) values
          ('env', '', '', 'old', '', 200, '', now() - interval '25 h'),
          ('env', '', '', 'young', '', 200, '', now() - interval '23 h');
        insert into used_token values
          ('env', 'expired', now() - interval '2 h'), ('env', 'valid', now() + interval '1 s')""");

    sweep();

    assertThat(db.texts("select key from idempotency_key")).containsExactly("valid");
    assertThat(db.texts("select key from request_result")).containsExactly("young");
    assertThat(db.texts("select encode(digest, 'escape') from used_token"))
        .containsExactly("valid");
  }

  @Test
  void removesOldBatchesWhoseRunsAreGone() {
    db.execute(
        """
        insert into batch (environment_id, id, run_count, created_at) values
          ('env', 'empty', 1, now() - interval '40 days'),
          ('env', 'live', 1, now() - interval '40 days'),
          ('env', 'young', 1, now() - interval '36 days');
        insert into batch_reused_item values ('env', 'empty', 0, 'r'), ('env', 'live', 1, 'r')""");
    db.run("of_live", "EXECUTING", "batch_id, batch_index", "'live', 0");

    sweep();

    assertThat(db.texts("select id from batch order by id")).containsExactly("live", "young");
    assertThat(db.texts("select batch_id from batch_reused_item")).containsExactly("live");
  }

  @Test
  void removesTimesOfRunsThatAreNotThere() {
    run("there", "EXECUTING", 1);
    for (String kind : OF_RUNS) {
      db.due(kind, "there", "now() - interval '2 h'");
      db.due(kind, "nowhere", "now() - interval '2 h'");
    }

    sweep();

    assertThat(db.texts("select kind from due where ref = 'there'"))
        .containsExactlyInAnyOrder(OF_RUNS);
    assertThat(db.texts("select kind from due where ref = 'nowhere'")).isEmpty();
  }

  @Test
  void removesTimesOfWaitpointsThatAreNotThere() {
    db.execute("insert into waitpoint (environment_id, id, callback) values ('env', 'there', 'c')");
    db.due("WAITPOINT", "there", "now() - interval '2 h'");
    db.due("WAITPOINT", "nowhere", "now() - interval '2 h'");

    sweep();

    assertThat(db.texts("select ref from due where kind = 'WAITPOINT'")).containsExactly("there");
  }

  @Test
  void removesWaitpointsThatEndedLongAgo() {
    db.execute(
        """
        insert into waitpoint (environment_id, id, callback, status, created_at, completed_at) values
          ('env', 'old', 'c1', 'COMPLETED', now() - interval '40 d', now() - interval '31 d'),
          ('env', 'late', 'c2', 'TIMED_OUT', now() - interval '40 d', now() - interval '31 d'),
          ('env', 'recent', 'c3', 'COMPLETED', now() - interval '40 d', now() - interval '29 d'),
          ('env', 'waiting', 'c4', 'WAITING', now() - interval '400 d', null)""");

    sweep();

    assertThat(db.texts("select id from waitpoint order by id"))
        .containsExactly("recent", "waiting");
  }

  @Test
  void takesALongBacklogChunkByChunkWithoutPause() {
    for (int i = 0; i < 5; i++) {
      run("r" + i, "CANCELED", 31 + i);
    }
    Sweep sweep = new Sweep(db.database(), AGES, 2);

    assertThat(await(sweep.next())).isTrue();

    assertThat(db.texts("select id from run where status = 'DELETED' order by id"))
        .containsExactly("r3", "r4");
    assertThat(await(sweep.next())).isTrue();
    assertThat(await(sweep.next())).isTrue();
    assertThat(db.texts("select id from run where status <> 'DELETED'")).isEmpty();
    assertThat(await(sweep.next())).as("nothing is left, so it pauses").isFalse();
  }

  @Test
  void isLeftToTheNodeThatIsAtIt() throws Exception {
    run("old", "CANCELED", 31);
    try (Connection connection = db.postgres().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select from due where kind = 'SWEEP' for update");

      assertThat(sweep()).isFalse();
      connection.rollback();
    }

    assertThat(db.statusOf("old")).isEqualTo("CANCELED");
    assertThat(sweep()).isTrue();
    assertThat(db.statusOf("old")).isEqualTo("DELETED");
  }

  @Test
  void leavesRowsThatAWriterIsAt() throws Exception {
    run("held", "CANCELED", 32);
    run("free", "CANCELED", 31);
    try (Connection connection = db.postgres().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select from run where id = 'held' for update");

      assertThat(sweep()).isTrue();
      connection.rollback();
    }

    assertThat(db.statusOf("free")).isEqualTo("DELETED");
    assertThat(db.statusOf("held")).isEqualTo("CANCELED");
  }

  @Test
  void isPlannedOnceAndMovedUpByAShorterPause() {
    db.execute("update due set at = now() + interval '2 h' where kind = 'SWEEP'");
    Sweep sweep = new Sweep(db.database(), AGES, 100);

    await(sweep.plan());
    await(sweep.plan());

    assertThat(db.texts("select at <= now() + interval '1 h' from due where kind = 'SWEEP'"))
        .containsExactly("t");
  }

  @Test
  void buildsGoThatNobodyHasAndNoRunNames() {
    db.execute(
        """
        insert into worker (environment_id, id, number, version, content_hash, registered_at)
          select 'env', 'worker_' || name, n, 'v_' || name, 'h',
            now() - interval '6 d'
          from unnest('{unused,seen,given,bound,over,tasks,newest}'::text[]) with ordinality
            as w (name, n);
        insert into presence (environment_id, worker_id, heard_at)
          values ('env', 'worker_seen', now() - interval '1 d'),
            ('env', 'worker_unused', now() - interval '5 d 1 h');
        insert into worker_task (environment_id, worker_id, task, file_path, queue)
          values ('env', 'worker_unused', 't', 't.ts', 'task/t');
        insert into task (environment_id, id, queue, worker_id)
          values ('env', 'only', 'task/only', 'worker_tasks');
        insert into run (environment_id, id, task_identifier, status, locked_version)
          values ('env', 'bound', 't', 'DELAYED', 'v_bound'),
            ('env', 'over', 't', 'COMPLETED_SUCCESSFULLY', 'v_over'),
            ('env', 'given', 't', 'COMPLETED_SUCCESSFULLY', 'v_given');
        insert into execution (environment_id, run_id, task, queue, rank, status, description,
          worker_id) values ('env', 'given', 't', 'task/t', now(), 'FINISHED', '', 'worker_given')""");

    sweep();

    assertThat(db.texts("select id from worker order by number"))
        .containsExactly(
            "worker_seen", "worker_given", "worker_bound", "worker_tasks", "worker_newest");
    assertThat(db.texts("select task from worker_task")).isEmpty();
    assertThat(db.texts("select worker_id from presence")).containsExactly("worker_seen");
    db.execute(
        """
        update run set status = 'CANCELED' where id = 'bound';
        update worker set spared_at = now() - interval '6 d' where id = 'worker_bound';
        update due set at = now()""");
    sweep();
    assertThat(db.texts("select id from worker where id = 'worker_bound'")).isEmpty();
  }

  @Test
  void whoClaimedFromAQueueIsForgotten() {
    db.execute(
        """
        insert into presence (environment_id, queue, heard_at)
          values ('env', 'long ago', now() - interval '61 min'),
            ('env', 'lately', now() - interval '50 min')""");

    sweep();

    assertThat(db.texts("select queue from presence where queue <> ''")).containsExactly("lately");
  }

  @Test
  void packetsStayAsLongAsARunNamesThem() {
    run("named", "EXECUTING", 300);
    db.execute(
        """
        update run set payload = 'in', payload_type = 'application/store',
          output = 'out', output_type = 'application/store' where id = 'named';
        insert into packet (environment_id, name, content_type, contents, keep_until)
          select 'env', name, 'text/plain', '', now() + days * interval '1 day'
          from (values ('in', -1), ('out', -1), ('unnamed', -1), ('just_put', 1)) p (name, days)""");

    sweep();

    assertThat(db.texts("select name from packet order by name"))
        .containsExactly("in", "just_put", "out");
    assertThat(db.texts("select name from packet where keep_until < now()")).isEmpty();
  }
}
