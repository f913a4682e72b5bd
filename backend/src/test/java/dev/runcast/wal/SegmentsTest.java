package dev.runcast.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.wal.change.ChangeMapper;
import dev.runcast.wal.change.SegmentColumn;
import dev.runcast.wal.change.Transaction;
import dev.runcast.wal.change.TransactionAssembler;
import dev.runcast.wal.pgoutput.PgOutputDecoder;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentsTest {
  private static final int OID = 16_500;
  private static final List<String> COLUMNS =
      Arrays.stream(SegmentColumn.values()).map(SegmentColumn::columnName).toList();
  private static final StreamKey STREAM =
      new StreamKey(new EnvironmentId("env_a"), new RunId("run_1"), "s");

  private static List<String> row(String run, String revision, String seq, String xid) {
    return List.of(
        "env_a", run, "s", seq, revision, "2", "1\n\"π\"", "1", xid, "2026-01-02 03:04:05+00");
  }

  private static Transaction transaction(TransactionAssembler assembler, List<List<String>> rows) {
    assembler.accept(PgOutputDecoder.decode(PgOutputBytes.begin(90, 7)));
    assembler.accept(PgOutputDecoder.decode(RunValues.relation()));
    assembler.accept(
        PgOutputDecoder.decode(PgOutputBytes.relation(OID, "stream_segment", COLUMNS)));
    assembler.accept(PgOutputDecoder.decode(RunValues.of("env_a", "run_1", 7).update()));
    for (List<String> row : rows) {
      ByteBuffer insert = PgOutputBytes.insert(OID, row);
      assembler.accept(PgOutputDecoder.decode(insert));
    }
    assembler.accept(PgOutputDecoder.decode(RunValues.of("env_a", "run_2", 7).insert()));
    Transaction transaction =
        assembler.accept(PgOutputDecoder.decode(PgOutputBytes.commit(90, 100)));
    if (transaction == null) {
      throw new AssertionError("nothing was told");
    }
    return transaction;
  }

  @Test
  void standAmongTheChangesOfTheirTransaction() {
    Transaction transaction =
        transaction(
            new TransactionAssembler(1 << 20, 100),
            List.of(row("run_1", "3", "5", "7"), row("run_1", "4", "7", "7")));

    Committed committed = (Committed) new ChangeMapper(100, 7).toEntry(transaction);

    Lsn lsn = new Lsn(100);
    Instant at = Instant.parse("2026-01-02T03:04:05Z");
    assertThat(committed.xid()).isEqualTo(7);
    assertThat(committed.changes())
        .extracting(change -> change.position().index())
        .containsExactly(0, 3);
    assertThat(committed.segments())
        .containsExactly(
            new SegmentAppended(
                new Position(lsn, 1), 7, new StreamSegment(STREAM, 3, 5, 2, "1\n\"π\"", 1, at)),
            new SegmentAppended(
                new Position(lsn, 2), 7, new StreamSegment(STREAM, 4, 7, 2, "1\n\"π\"", 1, at)));
  }

  @Test
  void thatCanNotBeReadAreReadFromTheTable() {
    Transaction transaction =
        transaction(
            new TransactionAssembler(1 << 20, 100), List.of(row("not an id", "3", "5", "7")));

    Oversized oversized = (Oversized) new ChangeMapper(100, 7).toEntry(transaction);

    assertThat(oversized.concerns(STREAM)).isTrue();
    assertThat(oversized.xid()).isEqualTo(7);
  }

  @Test
  void tooManyToCarryConcernTheReadersOfTheirRuns() {
    Transaction transaction =
        transaction(
            new TransactionAssembler(1_000, 100),
            List.of(row("run_3", "3", "5", "7"), row("run_4", "3", "5", "7")));

    Oversized oversized = (Oversized) new ChangeMapper(100, 7).toEntry(transaction);

    EnvironmentId env = new EnvironmentId("env_a");
    assertThat(oversized.concerns(STREAM)).as("its run changed").isTrue();
    assertThat(oversized.concerns(new StreamKey(env, new RunId("run_4"), "s"))).isTrue();
    assertThat(oversized.concerns(new StreamKey(env, new RunId("run_5"), "s"))).isFalse();
    assertThat(oversized.concerns(new StreamKey(new EnvironmentId("b"), new RunId("run_4"), "s")))
        .isFalse();
  }
}
