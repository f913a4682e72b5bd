package dev.runcast.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * That a session which ends anywhere loses nothing: the stream over a log as Postgres sends it,
 * with a consumer that throws. Postgres goes on where it was told to, by one rule: it sends again
 * every record that <em>starts</em> at or beyond the acknowledged place.
 */
class RestartedStreamTest {
  private static final int SEEDS = 300;

  private static final List<Kind> KINDS = List.of(Kind.values());

  private enum Kind {
    RUN,
    NO_RUN,
    HORIZON,
    OTHER
  }

  private record Logged(long start, long end, Kind kind, int xid) {
    boolean isCommit() {
      return kind == Kind.RUN || kind == Kind.NO_RUN;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsEveryTransactionAgainUntilItsConsumerHasTakenIt(boolean acknowledgementsArrive) {
    for (int seed = 0; seed < SEEDS; seed++) {
      new Tail(new Random(seed), acknowledgementsArrive).readsAllOf("seed " + seed);
    }
  }

  /** One log, read by one session after the other. */
  private static final class Tail {
    private final Random random;
    private final boolean acknowledgementsArrive;
    private final List<Logged> log = new ArrayList<>();
    private final List<Integer> taken = new ArrayList<>();
    private long confirmed;
    private long sessions;

    /** Of the session that is on. */
    private ChangeStream stream;

    private long acknowledged;
    private boolean isRelationSent;

    /** The consumer threw, which ends it. */
    private boolean isOver;

    Tail(Random random, boolean acknowledgementsArrive) {
      this.random = random;
      this.acknowledgementsArrive = acknowledgementsArrive;
      long place = 1_000;
      confirmed = place;
      for (int i = 0; i < 5 + random.nextInt(30); i++) {
        long start = place + (random.nextBoolean() ? 0 : random.nextInt(50));
        long end = start + 2 + random.nextInt(100);
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        log.add(new Logged(start, end, kind, 100 + i));
        place = end;
      }
    }

    void readsAllOf(String name) {
      while (!isRead()) {
        readsUntilItEnds();
        assertThat(sessions).as(name).isLessThan(10_000);
      }
      List<Integer> written =
          log.stream().filter(each -> each.kind == Kind.RUN).map(Logged::xid).toList();
      if (acknowledgementsArrive) {
        assertThat(taken).as(name).isEqualTo(written);
      } else {
        assertThat(new HashSet<>(taken)).as(name).isEqualTo(Set.copyOf(written));
      }
    }

    private boolean isRead() {
      return log.stream().allMatch(each -> each.end <= confirmed || !each.isCommit());
    }

    private void readsUntilItEnds() {
      sessions++;
      stream =
          new ChangeStream(
              new ReplicationSession(new Incarnation(1, 1), sessions, new Lsn(confirmed), 50, 1),
              new ReplicationSettings.Limits(1 << 20, 100, 2, 1 << 20));
      acknowledged = confirmed;
      isRelationSent = false;
      isOver = false;
      long sent = confirmed;
      for (Logged record : log) {
        if (record.start >= confirmed) {
          send(record, sent);
        }
        sent = record.end;
        if (random.nextInt(4) == 0) {
          stream.acceptKeepalive(new Lsn(sent));
        }
        if (random.nextInt(3) == 0) {
          handOver();
        }
        if (isOver) {
          break;
        }
      }
      handOver();
      confirmed = acknowledgementsArrive || random.nextBoolean() ? acknowledged : confirmed;
    }

    private void send(Logged record, long sent) {
      if (record.kind == Kind.HORIZON) {
        String mark = new Lsn(record.start - random.nextInt(100)) + " 55 " + record.xid;
        stream.accept(PgOutputBytes.logicalMessage(false, record.start, HorizonMark.PREFIX, mark));
      } else if (record.isCommit()) {
        stream.accept(PgOutputBytes.begin(record.start, record.xid));
        sendRows(record, sent);
        stream.accept(PgOutputBytes.commit(record.start, record.end));
      }
    }

    private void sendRows(Logged record, long sent) {
      if (record.kind != Kind.RUN) {
        return;
      }
      if (!isRelationSent) {
        stream.accept(RunValues.relation());
        isRelationSent = true;
      }
      stream.accept(RunValues.of("env_a", "run_" + record.xid, record.xid).insert());
      if (random.nextInt(4) == 0) {
        stream.acceptKeepalive(new Lsn(sent));
      }
      if (random.nextInt(4) == 0 && stream.isFull()) {
        handOver();
      }
    }

    /** Hands over what has come in, unless the session is over. */
    private void handOver() {
      if (isOver || !(stream.hasNews() || stream.hasMoved())) {
        return;
      }
      ChangeBatch batch = stream.take();
      isOver = random.nextInt(3) == 0;
      if (isOver) {
        return;
      }
      batch.entries().stream()
          .filter(Committed.class::isInstance)
          .forEach(entry -> taken.add((int) ((Committed) entry).xid()));
      acknowledged = batch.last().value();
      checkClaim(batch.last());
    }

    /** Everything that ended at or before the place that a batch names was told. */
    private void checkClaim(Lsn last) {
      for (Logged record : log) {
        if (record.kind == Kind.RUN && record.end <= last.value()) {
          assertThat(taken).contains(record.xid);
        }
        assertThat(record.start < last.value() && record.end > last.value() && record.isCommit())
            .as("in the midst of a commit it would neither be told again nor have been told")
            .isFalse();
      }
    }
  }
}
