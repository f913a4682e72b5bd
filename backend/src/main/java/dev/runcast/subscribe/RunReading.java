package dev.runcast.subscribe;

import dev.runcast.hub.RunToRead;
import dev.runcast.hub.log.Pin;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.Run;
import dev.runcast.run.stream.StreamSelection;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.FeedReader.Rows;
import dev.runcast.store.feed.FeedReader.Wanted;
import io.vertx.core.AsyncResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one run on its own for a subscription that tells chunks: these first, page by page as the
 * client takes them, and the row under the snapshot that shows no more. Owned by the hub's event
 * loop.
 */
final class RunReading {
  private record ChunksKey(Filter run, Wanted wanted, FeedReader.ChunkKey after) {}

  private record BothKey(Filter run, Wanted wanted) {}

  private record Both(ReadChunks chunks, @Nullable Rows rows) {}

  private final FeedReader reader;
  private final ReadGate gate;
  private final RunToRead wanted;
  private final Filter alone;
  private final ChunkPasses passes;

  RunReading(
      FeedReader reader,
      ReadGate gate,
      RunToRead wanted,
      EnvironmentId environment,
      StreamSelection streams) {
    this.reader = reader;
    this.gate = gate;
    this.wanted = wanted;
    this.alone = new Filter.ByRun(environment, wanted.run(), Narrowing.NONE);
    this.passes = ChunkPasses.of(streams, wanted.range());
  }

  /** Reads the last of the chunks, and with them the row. */
  void begin() {
    Wanted chunks = passes.wanted();
    gate.read(
        new BothKey(alone, chunks),
        () -> reader.tail(alone, chunks, FeedReader.Key.START, true).map(RunReading::both),
        this::take);
  }

  private static Both both(FeedReader.Both read) {
    return new Both(new ReadChunks(read.chunks()), read.rows());
  }

  private void take(AsyncResult<Both> answer, Pin pin) {
    @Nullable Both read = answer.result();
    if (answer.failed() || read == null) {
      wanted.fail();
      return;
    }
    tell(read.chunks);
    Rows rows = read.rows;
    if (rows != null) {
      List<Run> found = rows.runs();
      wanted.done(rows.visibility(), found.isEmpty() ? null : found.get(0), pin);
    } else {
      wanted.whenDrained(this::readChunks);
    }
  }

  private void readChunks() {
    Wanted chunks = passes.wanted();
    FeedReader.ChunkKey place = passes.place();
    gate.read(
        new ChunksKey(alone, chunks, place),
        () -> reader.chunks(alone, chunks, place).map(ReadChunks::new),
        (AsyncResult<ReadChunks> answer, Pin pin) -> {
          @Nullable ReadChunks read = answer.result();
          if (answer.failed() || read == null) {
            wanted.fail();
            return;
          }
          tell(read);
          wanted.whenDrained(read.chunks().complete() ? this::begin : this::readChunks);
        });
  }

  private void tell(ReadChunks read) {
    read.frames().forEach(wanted::tell);
    passes.told(read);
  }
}
