package dev.runcast.wal.change;

import static dev.runcast.wal.PgOutputBytes.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.run.BatchId;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Entry;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.Column;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.wal.RunValues;
import dev.runcast.wal.pgoutput.MalformedMessageException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChangeMapperTest {
  private static final long XID = (3L << 32) + 1_000;
  private static final Lsn LSN = new Lsn(500);
  private static final Instant AT = Instant.parse("2026-01-02T03:04:06Z");
  private static final EnvironmentId ENV = new EnvironmentId("env_a");

  private final ChangeMapper mapper = new ChangeMapper(100, XID);

  @Test
  void readsEveryColumn() {
    RunValues values = RunValues.of("env_a", "run_1", XID);
    values
        .with(RunColumn.VERSION, "7")
        .with(RunColumn.STATUS, "EXECUTING")
        .with(RunColumn.PREV_STATUS, "PENDING")
        .with(RunColumn.TAGS, "{user:1,\"b c\"}")
        .with(RunColumn.PREV_TAG_COUNT, "1")
        .with(RunColumn.BATCH_ID, "batch_1")
        .with(RunColumn.PARENT_ID, "run_p")
        .with(RunColumn.ROOT_ID, "run_r")
        .with(RunColumn.DEPTH, "2")
        .with(RunColumn.QUEUED_AT, "2026-01-02 03:04:07+00")
        .with(RunColumn.DELAY_UNTIL, "2026-01-02 03:04:08+00")
        .with(RunColumn.STARTED_AT, "2026-01-02 03:04:09+00")
        .with(RunColumn.EXPIRED_AT, "2026-01-02 03:04:10+00")
        .with(RunColumn.COMPLETED_AT, "2026-01-02 03:04:11+00")
        .with(RunColumn.QUEUE, "q")
        .with(RunColumn.CONCURRENCY_KEY, "c")
        .with(RunColumn.MACHINE, "m")
        .with(RunColumn.REGION, "r")
        .with(RunColumn.TTL, "10m")
        .with(RunColumn.LOCKED_VERSION, "v1")
        .with(RunColumn.PRIORITY, "-5")
        .with(RunColumn.MAX_ATTEMPTS, "3")
        .with(RunColumn.MAX_DURATION_SECONDS, "60")
        .with(RunColumn.TRIGGER_FUNCTION, "batchTrigger")
        .with(RunColumn.IS_TEST, "t")
        .with(RunColumn.ATTEMPT_COUNT, "1")
        .with(RunColumn.USAGE_DURATION_MS, "1500")
        .with(RunColumn.COST_IN_CENTS, "0.25")
        .with(RunColumn.BASE_COST_IN_CENTS, "0.5")
        .with(RunColumn.REALTIME_STREAMS, "{s}")
        .with(RunColumn.PAYLOAD_TYPE, "application/json")
        .with(RunColumn.OUTPUT_TYPE, "text/plain")
        .with(RunColumn.METADATA_TYPE, "application/super+json")
        .with(RunColumn.IDEMPOTENCY_KEY, UNCHANGED)
        .with(RunColumn.PAYLOAD, UNCHANGED)
        .with(RunColumn.OUTPUT, "out")
        .with(RunColumn.METADATA, "{}");

    RunChanged change = committed(values.row(false)).changes().get(0);

    assertThat(change)
        .isEqualTo(
            new RunChanged(
                new Position(LSN, 0),
                AT,
                new Run(
                    ENV,
                    new RunId("run_1"),
                    7,
                    XID,
                    RunStatus.EXECUTING,
                    "hello",
                    List.of("user:1", "b c"),
                    new Run.Links(
                        new BatchId("batch_1"), new RunId("run_p"), new RunId("run_r"), 2),
                    new Run.Times(
                        at("05"), at("05.5"), at("07"), at("08"), at("09"), at("10"), at("11")),
                    new Run.Facts(
                        "q",
                        "c",
                        "m",
                        "r",
                        "10m",
                        "v1",
                        -5,
                        3,
                        60,
                        "batchTrigger",
                        true,
                        1,
                        1500,
                        0.25,
                        0.5,
                        List.of("s")),
                    new Run.Contents(
                        "application/json",
                        "text/plain",
                        "application/super+json",
                        Column.unchanged(),
                        Column.unchanged(),
                        Column.known("out"),
                        Column.known("{}"),
                        Column.known(null),
                        Column.known(null))),
                false,
                RunStatus.PENDING,
                1));
  }

  private static Instant at(String seconds) {
    return Instant.parse("2026-01-02T03:04:" + seconds + "Z");
  }

  @Test
  void readsANewRowThatSaysNoMoreThanItMust() {
    RunChanged change = committed(RunValues.of("env_a", "run_1", XID).row(true)).changes().get(0);

    assertThat(change.inserted()).isTrue();
    assertThat(change.prevStatus()).isNull();
    assertThat(change.run().links()).isEqualTo(new Run.Links(null, null, null, 0));
    assertThat(change.run().times().startedAt()).isNull();
    assertThat(change.run().isWhole()).isTrue();
  }

  @Test
  void findsColumnsByNameWhateverTheirOrder() {
    List<String> columns =
        List.of("new_column", "status", "environment_id", "id", "changed_xid", "version");
    TableRow row = RunValues.of("env_a", "run_1", XID).row(true);
    TableLayout layout = new TableLayout(Table.RUN, columns);

    assertThat(layout.place(RunColumn.STATUS)).isEqualTo(1);
    assertThat(layout.place(RunColumn.PAYLOAD)).isEqualTo(TableLayout.ABSENT);
    assertThat(new TableRow(layout, row.tuple(), true).wide(RunColumn.PAYLOAD))
        .isEqualTo(Column.known(null));
  }

  @ParameterizedTest
  @EnumSource(
      value = RunColumn.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "IDEMPOTENCY_KEY",
        "PAYLOAD",
        "OUTPUT",
        "METADATA",
        "ERROR",
        "OPTIONS",
        "ENVIRONMENT_ID"
      })
  void anyOtherColumnThatWasNotSentMakesTheTransactionOversized(RunColumn column) {
    Entry entry = map(RunValues.of("env_a", "run_1", XID).with(column, UNCHANGED).row(false));

    assertThat(entry).isInstanceOf(Oversized.class);
    Oversized oversized = (Oversized) entry;
    assertThat(oversized.lsn()).isEqualTo(LSN);
    assertThat(oversized.xid()).isEqualTo(XID);
    assertThat(oversized.environments()).containsExactly(ENV);
    assertThat(oversized.concerns(new Filter.ByEnvironment(ENV, Narrowing.NONE))).isTrue();
    assertThat(mapper.unreadable()).contains("run." + column.columnName()).contains("not sent");
  }

  @ParameterizedTest
  @CsvSource({
    "STATUS, UNHEARD_OF",
    "VERSION, one",
    "TAGS, {a",
    "TAGS, '{a,NULL}'",
    "CREATED_AT, yesterday",
    "IS_TEST, yes",
    "PRIORITY, 99999999999",
    "PREV_TAG_COUNT, 2",
    "BATCH_ID, not an id"
  })
  void soDoesAValueThatItCannotRead(RunColumn column, String value) {
    TableRow readable = RunValues.of("env_b", "run_2", XID).row(true);
    TableRow unreadable = RunValues.of("env_a", "run_1", XID).with(column, value).row(true);

    Entry entry = map(readable, unreadable);

    assertThat(entry).isInstanceOf(Oversized.class);
    assertThat(((Oversized) entry).environments())
        .containsExactlyInAnyOrder(ENV, new EnvironmentId("env_b"));
    assertThat(mapper.unreadable()).doesNotContain(value);
  }

  @Test
  void concernsOnlyWhoFollowsTheUnreadableRun() {
    Oversized oversized =
        (Oversized)
            map(
                RunValues.of("env_a", "run_1", XID)
                    .with(RunColumn.TAGS, "{a,b}")
                    .with(RunColumn.STATUS, "UNHEARD_OF")
                    .row(true));

    assertThat(oversized.concerns(byTags("a", "b"))).isTrue();
    assertThat(oversized.concerns(byTags("a", "c"))).isFalse();
    assertThat(oversized.concerns(new Filter.ByRun(ENV, new RunId("run_1"), Narrowing.NONE)))
        .isTrue();
    assertThat(oversized.concerns(new Filter.ByRun(ENV, new RunId("run_2"), Narrowing.NONE)))
        .isFalse();
  }

  private static Filter byTags(String... tags) {
    return new Filter.ByTags(ENV, Set.of(tags), Narrowing.NONE);
  }

  @Test
  void doesNotBelieveAnXidThatTheTransactionDidNotStamp() {
    Oversized oversized = (Oversized) map(RunValues.of("env_a", "run_1", XID - 1).row(false));

    assertThat(oversized.xid()).isEqualTo(XID);
  }

  @Test
  void widensTheXidByTheNewestThatItSaw() {
    mapper.sawXid(5L << 32);

    Oversized oversized =
        (Oversized)
            mapper.toEntry(
                transaction(
                    -2,
                    RunValues.of("env_a", "run_1", XID)
                        .with(RunColumn.CHANGED_XID, UNCHANGED)
                        .row(false)));

    assertThat(oversized.xid()).isEqualTo((5L << 32) - 2);
  }

  @Test
  void givesUpWhenNotEvenTheEnvironmentIsKnown() {
    TableRow row =
        RunValues.of("env_a", "run_1", XID).with(RunColumn.ENVIRONMENT_ID, UNCHANGED).row(false);

    assertThatThrownBy(() -> map(row)).isInstanceOf(MalformedMessageException.class);
  }

  private Committed committed(TableRow... rows) {
    return (Committed) map(rows);
  }

  private Entry map(TableRow... rows) {
    return mapper.toEntry(transaction((int) XID, rows));
  }

  private static Transaction transaction(int xid, TableRow... rows) {
    return new Transaction(xid, LSN, AT, new Transaction.Whole(Arrays.asList(rows)));
  }
}
