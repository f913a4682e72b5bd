package dev.runcast.hub;

import dev.runcast.hub.log.Pin;
import dev.runcast.hub.waiting.AwaitedChunks.Await;
import dev.runcast.run.Run;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Visibility;
import dev.runcast.run.stream.ChunkRange;
import dev.runcast.wire.SharedFrame;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a run for a subscription that tells chunks: first what is stored of them, then the
 * row as the very snapshot shows it that has no more chunks. Owned by the hub's event loop; once it
 * is not wanted any more, what it is told is ignored.
 */
public final class RunToRead {
  private final Intake intake;
  private final ChunkIntake chunks;
  private final Await await;
  private final ChunkRange range;
  private final long asked;

  RunToRead(Intake intake, ChunkIntake chunks, Await await, ChunkRange range) {
    this.intake = intake;
    this.chunks = chunks;
    this.await = await;
    this.range = range;
    this.asked = await.news();
  }

  public RunId run() {
    return await.run();
  }

  /** The chunks that are to be told. */
  public ChunkRange range() {
    return range;
  }

  /** Whether the subscription still waits for it. */
  public boolean isWanted() {
    return chunks.isWanted(await);
  }

  /** Tells chunks. They count against no budget: the reading waits for the client. */
  public void tell(SharedFrame frame) {
    if (isWanted()) {
      chunks.delivery().sendOrKeep(frame, null, null);
    }
  }

  /** Runs the callback once the client has taken what it was told. */
  public void whenDrained(Runnable callback) {
    if (isWanted()) {
      chunks.delivery().whenDrained(callback);
    }
  }

  /**
   * All chunks were told.
   *
   * @param snapshot of the last chunks and of the row
   * @param row null when it shows none
   * @param pin held since the last read began
   */
  public void done(Visibility snapshot, @Nullable Run row, Pin pin) {
    if (isWanted()) {
      await.stop();
      intake.readRun(this, snapshot, row, pin);
    }
  }

  /** It could not be read: it is tried again with the next horizon. */
  public void fail() {
    await.stop();
  }

  Await await() {
    return await;
  }

  /** Whether more is wanted than was when it began. */
  boolean isOutdated() {
    boolean reachesBack = range.seen() != null || range.from() <= await.since();
    return !range.equals(ChunkRange.ALL) && (await.isWhole() || !reachesBack);
  }

  /** Whether anything has come since it began. */
  boolean hasNews() {
    return await.news() > asked;
  }
}
