package dev.runcast.subscribe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.run.RunId;
import dev.runcast.run.place.Cursor;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.store.feed.FeedReader.ChunkKey;
import dev.runcast.store.feed.FeedReader.Chunks;
import dev.runcast.testing.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChunkPassesTest {
  private static final Visibility FIRST = new Visibility(100, 100, Set.of());
  private static final Visibility SECOND = new Visibility(110, 110, Set.of());

  @Test
  void aPassTellsWhatItsFirstPageCouldSeeAndTheNextOneTheRest() {
    ChunkPasses passes = ChunkPasses.of(StreamSelection.ALL, ChunkRange.ALL);
    passes.told(page(FIRST, false, "a", "b"));
    assertThat(passes.place()).isEqualTo(new ChunkKey("b", "s", 0));
    assertThat(passes.precedesRows()).isFalse();

    passes.told(page(SECOND, true, "c"));

    assertThat(passes.precedesRows()).isTrue();
    assertThat(passes.place()).isEqualTo(ChunkKey.START);
    assertThat(passes.wanted().range()).isEqualTo(ChunkRange.notShownBy(FIRST));
  }

  @Test
  void rowsComeOnlyAfterAPassThatBeganSinceTheClientCameBack() {
    Cursor.Chunks place = new Cursor.Chunks("s", 0, 0);
    ChunkPasses passes =
        ChunkPasses.from(StreamSelection.ALL, new Cursor.Page(true, 50, "b", place), place);
    assertThat(passes.place()).isEqualTo(new ChunkKey("b", "s", 0));

    passes.told(page(FIRST, true, "c"));

    assertThat(passes.precedesRows()).as("a may have come into the feed meanwhile").isFalse();
    assertThat(passes.place()).isEqualTo(ChunkKey.START);
    assertThat(passes.wanted().range()).isEqualTo(ChunkRange.since(50));
    passes.told(page(SECOND, true, "a"));
    assertThat(passes.precedesRows()).isTrue();
    assertThat(passes.wanted().range()).isEqualTo(ChunkRange.notShownBy(SECOND));
  }

  private static ReadChunks page(Visibility shown, boolean complete, String... runs) {
    return new ReadChunks(
        new Chunks(shown, List.of(runs).stream().map(ChunkPassesTest::segment).toList(), complete));
  }

  private static StreamSegment segment(String run) {
    return new StreamSegment(
        new StreamKey(Sample.ENVIRONMENT, new RunId(run), "s"), 1, 0, 1, "1", 1, Instant.EPOCH);
  }
}
