package dev.runcast.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.store.stream.StreamTable.NewSegment;
import dev.runcast.store.stream.StreamTable.State;
import dev.runcast.store.stream.StreamTable.Writer;
import dev.runcast.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamLedgerTest {
  private static final StreamKey STREAM =
      new StreamKey(new EnvironmentId("env"), new RunId("run_1"), "s");
  private static final State EMPTY = new State(0, 0, 0);

  private static StreamWriter writer(String client, String session) {
    return new StreamWriter(STREAM, client, session);
  }

  private static StreamLedger over(State state, Map<StreamWriter, Writer> known) {
    Map<dev.runcast.store.stream.StreamTable.WriterId, Writer> writers = new HashMap<>();
    known.forEach((writer, came) -> writers.put(writer.id(), came));
    return new StreamLedger(Map.of(STREAM, state), writers);
  }

  @Test
  void numbersWhatComesInTheOrderInWhichItComes() {
    StreamLedger ledger = over(new State(5, 3, 2), Map.of());

    ledger.take(Piece.of(writer(null, "x"), 0, List.of("a", "b")));
    ledger.take(Piece.of(writer("c", "y"), 0, List.of("c")));

    assertThat(ledger.segments()).containsExactly(new NewSegment(STREAM, 4, 5, 3, "a\nb\nc", 2));
    assertThat(ledger.streams()).containsEntry(STREAM, new State(8, 4, 2));
    assertThat(ledger.chunks()).isEqualTo(3);
  }

  @Test
  void leavesOutWhatTheWriterHasSentBefore() {
    StreamWriter writer = writer("c", "x");
    StreamLedger ledger = over(new State(5, 3, 1), Map.of(writer, new Writer(4, "x")));

    ledger.take(Piece.of(writer, 2, List.of("2", "3")));
    ledger.take(Piece.of(writer, 3, List.of("3", "4", "5")));
    ledger.take(Piece.of(writer, 5, List.of("5", "6")));

    assertThat(ledger.segments()).containsExactly(new NewSegment(STREAM, 4, 5, 2, "5\n6", 1));
    assertThat(ledger.writers()).containsEntry(writer.id(), new Writer(6, "x"));
  }

  @Test
  void whatWasAllSentBeforeWritesNothing() {
    StreamWriter writer = writer("c", "x");
    StreamLedger ledger = over(new State(5, 3, 1), Map.of(writer, new Writer(4, "x")));

    ledger.take(Piece.of(writer, 0, List.of("0", "1", "2", "3", "4")));

    assertThat(ledger.segments()).isEmpty();
    assertThat(ledger.streams()).isEmpty();
    assertThat(ledger.writers()).isEmpty();
  }

  @Test
  void tellsHowManyWriteInAnEmptySegmentOfItsOwn() {
    StreamLedger ledger = over(EMPTY, Map.of());

    ledger.take(Piece.opening(writer("c", "x")));

    assertThat(ledger.segments()).containsExactly(new NewSegment(STREAM, 1, 0, 0, "", 1));
    assertThat(ledger.streams()).containsEntry(STREAM, new State(0, 1, 1));
  }

  @Test
  void whoComesBackCountsOnceAndItsOldConnectionEndsNothing() {
    StreamWriter old = writer("c", "old");
    StreamWriter back = writer("c", "new");
    StreamLedger ledger = over(new State(1, 1, 1), Map.of(old, new Writer(0, "old")));

    ledger.take(Piece.opening(back));
    ledger.take(Piece.closing(old));

    assertThat(ledger.segments()).isEmpty();
    assertThat(ledger.writers()).containsEntry(back.id(), new Writer(0, "new"));
    ledger.take(Piece.closing(back));
    assertThat(ledger.segments()).containsExactly(new NewSegment(STREAM, 2, 1, 0, "", 0));
    assertThat(ledger.writers()).containsEntry(back.id(), new Writer(0, null));
  }

  @Test
  void whoCanNotComeBackIsCountedToo() {
    StreamWriter nameless = writer(null, "x");
    StreamLedger ledger = over(EMPTY, Map.of());

    ledger.take(Piece.opening(nameless));
    ledger.take(Piece.of(nameless, 0, List.of("a")));
    assertThat(ledger.segments()).containsExactly(new NewSegment(STREAM, 1, 0, 1, "a", 1));

    StreamLedger later = over(new State(1, 1, 1), Map.of());
    later.take(Piece.closing(nameless));
    assertThat(later.segments()).containsExactly(new NewSegment(STREAM, 2, 1, 0, "", 0));
  }

  @Test
  void onlyTheLastSegmentOfAStreamTellsThatNobodyWritesAnyMore() {
    StreamWriter writer = writer("c", "x");
    StreamLedger ledger = over(new State(0, 1, 1), Map.of(writer, new Writer(-1, "x")));
    String large = "\"" + "x".repeat(100_000) + "\"";

    ledger.take(Piece.of(writer, 0, List.of(large, large, "1")));
    ledger.take(Piece.closing(writer));

    assertThat(ledger.segments())
        .extracting(segment -> segment.firstSeq() + "+" + segment.count() + " " + segment.writers())
        .containsExactly("0+1 1", "1+2 0");
  }

  @Test
  void anyNumberOfRepetitionsStoresEachChunkOnce() {
    Seeds.each(
        300,
        random -> {
          StreamWriter writer = writer("c", "x");
          State state = EMPTY;
          Writer came = Writer.NEW;
          List<String> stored = new ArrayList<>();
          while (stored.size() < 30) {
            StreamLedger ledger = over(state, Map.of(writer, came));
            for (int piece = random.nextInt(3); piece >= 0; piece--) {
              int from = random.nextInt((int) came.lastIndex() + 2);
              List<String> chunks = new ArrayList<>();
              for (int i = from; i < from + random.nextInt(6); i++) {
                chunks.add("\"" + i + "\"");
              }
              ledger.take(Piece.of(writer, from, chunks));
            }
            for (NewSegment segment : ledger.segments()) {
              assertThat(segment.firstSeq()).isEqualTo(stored.size());
              stored.addAll(List.of(segment.chunks().split("\n", -1)));
            }
            state = ledger.streams().getOrDefault(STREAM, state);
            came = ledger.writers().getOrDefault(writer.id(), came);
          }
          for (int i = 0; i < stored.size(); i++) {
            assertThat(stored.get(i)).isEqualTo("\"" + i + "\"");
          }
        });
  }
}
