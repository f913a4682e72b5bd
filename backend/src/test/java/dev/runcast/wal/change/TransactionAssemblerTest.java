package dev.runcast.wal.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.FilterKey;
import dev.runcast.run.place.Lsn;
import dev.runcast.wal.PgOutputBytes;
import dev.runcast.wal.RunValues;
import dev.runcast.wal.change.Transaction.Reduced;
import dev.runcast.wal.change.Transaction.Whole;
import dev.runcast.wal.pgoutput.MalformedMessageException;
import dev.runcast.wal.pgoutput.PgOutputDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionAssemblerTest {
  private static final EnvironmentId ENV = new EnvironmentId("env_a");

  @Test
  void handsOutATransactionAtItsCommit() {
    TransactionAssembler assembler = new TransactionAssembler(1 << 20, 100);

    assertThat(accept(assembler, PgOutputBytes.begin(90, 7))).isNull();
    assertThat(assembler.isOpen()).isTrue();
    assertThat(accept(assembler, RunValues.relation())).isNull();
    assertThat(accept(assembler, RunValues.of("env_a", "run_1", 7).insert())).isNull();
    assertThat(accept(assembler, RunValues.of("env_a", "run_1", 7).update())).isNull();
    Transaction transaction = accept(assembler, PgOutputBytes.commit(90, 100));

    assertThat(assembler.isOpen()).isFalse();
    assertThat(transaction.xid()).isEqualTo(7);
    assertThat(transaction.endLsn()).isEqualTo(new Lsn(100));
    assertThat(((Whole) transaction.rows()).rows())
        .extracting(TableRow::inserted)
        .containsExactly(true, false);
  }

  @Test
  void keepsNothingOfTheTransactionBefore() {
    TransactionAssembler assembler = new TransactionAssembler(1_500, 100);
    accept(assembler, PgOutputBytes.begin(90, 7));
    accept(assembler, RunValues.relation());
    insert(assembler, 5);
    assertThat(accept(assembler, PgOutputBytes.commit(90, 100)).rows()).isInstanceOf(Reduced.class);

    accept(assembler, PgOutputBytes.begin(190, 8));
    insert(assembler, 1);
    Transaction second = accept(assembler, PgOutputBytes.commit(190, 200));

    assertThat(((Whole) second.rows()).rows()).hasSize(1);
  }

  @Test
  void saysNothingOfATransactionThatWroteNoRun() {
    TransactionAssembler assembler = new TransactionAssembler(1 << 20, 100);
    accept(assembler, PgOutputBytes.begin(90, 7));
    accept(assembler, PgOutputBytes.relation(99, "batch", List.of("id")));
    accept(assembler, PgOutputBytes.insert(99, List.of("r")));

    assertThat(accept(assembler, PgOutputBytes.commit(90, 100))).isNull();
    assertThat(assembler.isOpen()).isFalse();
  }

  @Test
  void keepsTheFilterKeysOfATransactionOverTheCap() {
    TransactionAssembler assembler = new TransactionAssembler(1_500, 1_000);
    accept(assembler, PgOutputBytes.begin(90, 7));
    accept(assembler, RunValues.relation());
    insert(assembler, 20);

    Transaction transaction = accept(assembler, PgOutputBytes.commit(90, 100));

    ConcernedFilters concerned = ((Reduced) transaction.rows()).concerned();
    assertThat(concerned.environments()).containsExactly(ENV);
    assertThat(concerned.keys())
        .hasSize(21)
        .contains(
            new FilterKey(FilterKey.Kind.ENVIRONMENT, ENV, "").hash(),
            new FilterKey(FilterKey.Kind.RUN, ENV, "run_0").hash(),
            new FilterKey(FilterKey.Kind.RUN, ENV, "run_19").hash());
  }

  @Test
  void keepsOnlyTheEnvironmentsWhenTheKeysAreTooMany() {
    TransactionAssembler assembler = new TransactionAssembler(1_500, 10);
    accept(assembler, PgOutputBytes.begin(90, 7));
    accept(assembler, RunValues.relation());
    insert(assembler, 20);
    accept(assembler, RunValues.of("env_b", "run_x", 7).insert());

    Transaction transaction = accept(assembler, PgOutputBytes.commit(90, 100));

    ConcernedFilters concerned = ((Reduced) transaction.rows()).concerned();
    assertThat(concerned.environments()).containsExactlyInAnyOrder(ENV, new EnvironmentId("env_b"));
    assertThat(concerned.keys()).isNull();
  }

  @Test
  void followsATableThatChangesItsColumns() {
    TransactionAssembler assembler = new TransactionAssembler(1 << 20, 100);
    RunValues values = RunValues.of("env_a", "run_1", 7);
    List<String> columns = List.of("added", "status", "id");
    accept(assembler, PgOutputBytes.begin(90, 7));
    accept(assembler, RunValues.relation());
    accept(assembler, PgOutputBytes.relation(RunValues.OID, "run", columns));
    accept(assembler, PgOutputBytes.insert(RunValues.OID, values.inOrder(columns)));

    Transaction transaction = accept(assembler, PgOutputBytes.commit(90, 100));

    TableRow row = ((Whole) transaction.rows()).rows().get(0);
    assertThat(row.text(RunColumn.ID)).isEqualTo("run_1");
    assertThat(row.textOrNull(RunColumn.QUEUE)).isNull();
  }

  @Test
  void refusesMessagesOutOfOrder() {
    TransactionAssembler assembler = new TransactionAssembler(1 << 20, 100);

    assertThatThrownBy(() -> accept(assembler, PgOutputBytes.commit(90, 100)))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> accept(assembler, RunValues.of("e", "r", 7).insert()))
        .isInstanceOf(MalformedMessageException.class);
    accept(assembler, PgOutputBytes.begin(90, 7));
    assertThatThrownBy(() -> accept(assembler, RunValues.of("e", "r", 7).insert()))
        .hasMessageContaining("not described");
    assertThatThrownBy(() -> accept(assembler, PgOutputBytes.begin(190, 8)))
        .isInstanceOf(MalformedMessageException.class);
  }

  private static void insert(TransactionAssembler assembler, int count) {
    for (int i = 0; i < count; i++) {
      accept(assembler, RunValues.of("env_a", "run_" + i, 7).insert());
    }
  }

  private static Transaction accept(TransactionAssembler assembler, ByteBuffer message) {
    return assembler.accept(PgOutputDecoder.decode(message));
  }
}
