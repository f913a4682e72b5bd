package dev.runcast.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Horizon;
import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Position;
import dev.runcast.run.revocation.Bearer;
import dev.runcast.run.revocation.Revocation;
import dev.runcast.run.revocation.Revoked;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.testing.TestPostgres;
import dev.runcast.testing.TestPostgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WalReaderIT {
  private final TestDatabase database = TestPostgres.database();
  private final ReplicationSettings settings = TailProbe.settings(database);
  private TailProbe tail;

  @BeforeEach
  void start() {
    database.execute(
        """
        insert into project (id, reference, name) values ('p', 'p', 'p');
        insert into environment (id, project_id, slug) values ('env_a', 'p', 'a'), ('env_b', 'p', 'b')""");
    tail = TailProbe.startLeading(settings);
  }

  @AfterEach
  void stop() {
    tail.close();
    database.dropSlots();
  }

  @Test
  void tellsATransactionWholeAndInTheOrderOfWriting() {
    database.execute(
        """
        insert into run (environment_id, id, task_identifier, tags) values ('env_a', 'run_1', 'hello', '{a}');
        insert into run (environment_id, id, task_identifier) values ('env_b', 'run_2', 'hello');
        update run set status = 'EXECUTING', tags = tags || '{b,c}' where id = 'run_1'""");

    RunChanged last = tail.awaitChange(change -> change.run().version() == 2);

    Committed transaction = tail.entries(Committed.class).get(0);
    assertThat(transaction.changes()).hasSize(3).contains(last);
    assertThat(transaction.changes())
        .extracting(change -> change.run().id().value())
        .containsExactly("run_1", "run_2", "run_1");
    assertThat(transaction.changes())
        .extracting(change -> change.position().index())
        .containsExactly(0, 1, 2);
    assertThat(transaction.changes()).allMatch(change -> change.xid() == transaction.xid());
    assertThat(last.inserted()).isFalse();
    assertThat(last.prevStatus()).isEqualTo(RunStatus.PENDING);
    assertThat(last.tagsBefore()).containsExactly("a");
    assertThat(last.run().tags()).containsExactly("a", "b", "c");
  }

  @Test
  void tellsTransactionsInTheOrderOfTheirCommits() throws SQLException {
    try (Connection early = database.connect();
        Statement begun = early.createStatement()) {
      early.setAutoCommit(false);
      begun.execute(
          "insert into run (environment_id, id, task_identifier) values ('env_a', 'early', 't')");
      database.execute(
          "insert into run (environment_id, id, task_identifier) values ('env_a', 'late', 't')");
      tail.awaitChange(change -> change.run().id().value().equals("late"));
      early.commit();
    }
    tail.awaitChange(change -> change.run().id().value().equals("early"));

    List<Committed> told = tail.entries(Committed.class);
    assertThat(told)
        .extracting(entry -> entry.changes().get(0).run().id().value())
        .containsExactly("late", "early");
    assertThat(told.get(0).lsn()).isLessThan(told.get(1).lsn());
    assertThat(told.get(0).xid()).isGreaterThan(told.get(1).xid());
  }

  @Test
  void saysUnchangedForAWideValueThatAnUpdateLeftAlone() {
    database.execute(
        """
        insert into run (environment_id, id, task_identifier, payload, metadata)
          select 'env_a', 'wide', 't', string_agg(md5(i::text), ''), 'short'
          from generate_series(1, 4000) i""");
    database.execute("update run set status = 'EXECUTING', output = '{}' where id = 'wide'");

    Run run = tail.awaitChange(change -> change.run().version() == 2).run();

    assertThat(run.contents().payload()).isEqualTo(Column.unchanged());
    assertThat(run.contents().metadata()).isEqualTo(Column.known("short"));
    assertThat(run.contents().output()).isEqualTo(Column.known("{}"));
    assertThat(run.contents().error()).isEqualTo(Column.known(null));
    assertThat(run.isWhole()).isFalse();
    assertThat(tail.changes().get(0).run().contents().payload().orNull()).hasSize(128_000);
  }

  @Test
  void sendsTheLargestTagsOfAWideRowWithAStatusOnlyUpdate() {
    List<String> tags = IntStream.range(0, 10).mapToObj(i -> i + "é漢".repeat(63) + "z").toList();
    assertThat(tags).allMatch(tag -> tag.length() == 128);
    database.execute(
        """
        insert into run (environment_id, id, task_identifier, payload, output, metadata, tags)
          select 'env_a', 'wide', 't', x, x, x, '{%s}'
          from (select string_agg(md5(i::text), '') as x from generate_series(1, 4000) i) w"""
            .formatted(String.join(",", tags)));
    database.execute("update run set status = 'EXECUTING' where id = 'wide'");

    Run run = tail.awaitChange(change -> change.run().version() == 2).run();

    assertThat(run.tags()).isEqualTo(tags);
    assertThat(run.contents().payload().isKnown()).isFalse();
  }

  @Test
  void aHorizonComesAfterEveryTransactionBelowIt() throws SQLException {
    try (Connection open = database.connect();
        Statement begun = open.createStatement()) {
      open.setAutoCommit(false);
      begun.execute(
          "insert into run (environment_id, id, task_identifier) values ('env_a', 'held', 't')");
      tail.awaitHorizon();
      tail.awaitHorizon();
      open.commit();
    }
    RunChanged held = tail.awaitChange(change -> change.run().id().value().equals("held"));
    tail.await(
        () -> tail.entries(Horizon.class).stream().anyMatch(h -> h.xmin() > held.xid()),
        "a horizon beyond the run");

    assertThat(tail.entries(Horizon.class))
        .allSatisfy(
            horizon -> {
              assertThat(horizon.xmin() > held.xid())
                  .isEqualTo(
                      horizon.lsn().isAfter(held.position().lsn()) && horizon.xmin() > held.xid());
              assertThat(horizon.next()).isGreaterThan(horizon.xmin());
            });
    assertThat(tail.entries(Horizon.class))
        .filteredOn(horizon -> !horizon.lsn().isAfter(held.position().lsn()))
        .isNotEmpty()
        .allSatisfy(horizon -> assertThat(horizon.xmin()).isLessThanOrEqualTo(held.xid()));
  }

  @Test
  void tellsSegmentsOfStreamsAmongTheChangesOfTheirTransaction() {
    database.execute(
        """
        insert into run (environment_id, id, task_identifier) values ('env_a', 'first', 't');
        insert into stream_segment
            (environment_id, run_id, key, first_seq, revision, count, chunks, writers, appended_at)
          values ('env_a', 'first', 'k', 4, 2, 2, E'1\n"π"', 1, '2026-01-02 03:04:05.678901Z');
        insert into run (environment_id, id, task_identifier) values ('env_a', 'after', 't')""");

    tail.awaitChange(change -> change.run().id().value().equals("after"));

    Committed told = tail.entries(Committed.class).get(0);
    assertThat(told.changes())
        .extracting(change -> change.position().index())
        .containsExactly(0, 2);
    assertThat(told.segments())
        .containsExactly(
            new SegmentAppended(
                new Position(told.lsn(), 1),
                told.xid(),
                new StreamSegment(
                    new StreamKey(new EnvironmentId("env_a"), new RunId("first"), "k"),
                    2,
                    4,
                    2,
                    "1\n\"π\"",
                    1,
                    Instant.parse("2026-01-02T03:04:05.678901Z"))));
  }

  @Test
  void tellsWhatIsRevokedAmongTheChanges() {
    database.execute(
        """
        begin;
        insert into run (environment_id, id, task_identifier) values ('env_a', 'r', 't');
        insert into revocation (environment_id, kind, subject, at, expires_at) values
          ('env_a', 'SCOPE', 'read:runs', '2026-01-02 03:04:05.678901Z', '2027-01-02 00:00:00Z');
        commit""");

    tail.awaitChange(change -> change.run().id().value().equals("r"));

    Committed told = tail.entries(Committed.class).get(0);
    assertThat(told.revocations()).hasSize(1);
    Revoked revoked = told.revocations().get(0);
    assertThat(revoked.position()).isEqualTo(new Position(told.lsn(), 1));
    assertThat(revoked.revocation().identity())
        .isEqualTo(
            new Revocation.Identity(
                new EnvironmentId("env_a"), Revocation.Kind.SCOPE, "read:runs"));
    assertThat(revoked.revocation().at()).isEqualTo(Instant.parse("2026-01-02T03:04:05.678901Z"));
    assertThat(revoked.revocation().expiresAt()).isEqualTo(Instant.parse("2027-01-02T00:00:00Z"));
  }

  @Test
  void tellsTheEndOfAKeyAndThatItIsInForceAgain() {
    database.execute(
        """
        insert into secret_key (digest, environment_id, sealed, master_key_id)
          values ('\\x0a0b', 'env_a', 'sealed', 'm');
        update secret_key set valid_until = '2030-01-01 00:00:00Z';
        update secret_key set valid_until = now();
        update secret_key set valid_until = null;
        delete from secret_key;
        insert into run (environment_id, id, task_identifier) values ('env_a', 'last', 't')""");

    tail.awaitChange(change -> change.run().id().value().equals("last"));

    List<Revocation> told =
        tail.entries(Committed.class).stream()
            .flatMap(committed -> committed.revocations().stream())
            .map(Revoked::revocation)
            .toList();
    Bearer key = new Bearer(new EnvironmentId("env_a"), "0a0b", null, null);
    assertThat(told)
        .extracting(revocation -> revocation.endOf(key))
        .containsExactly(Instant.parse("2030-01-01T00:00:00Z"), Instant.MIN, null, Instant.MIN);
  }

  @Test
  void ignoresRowsThatTellNothing() {
    database.execute("insert into batch (environment_id, id, run_count) values ('env_a', 'b', 1)");
    database.execute(
        "insert into run (environment_id, id, task_identifier) values ('env_a', 'after', 't')");

    tail.awaitChange(change -> change.run().id().value().equals("after"));

    assertThat(tail.entries(Committed.class)).hasSize(1);
  }
}
