package dev.runcast.run.stream;

import java.time.Instant;

/**
 * A piece of a stream as it is stored: chunks that were written together, or none, where only the
 * number of writers has changed. Chunks of one stream are numbered without gaps, in the order in
 * which they were committed.
 *
 * @param revision counts the writes of the stream; a greater one is later
 * @param firstSeq the number of the first chunk, or that the next one will have
 * @param chunks JSON texts without line breaks, one a line
 * @param writers how many were still writing after this
 */
public record StreamSegment(
    StreamKey stream,
    long revision,
    long firstSeq,
    int count,
    String chunks,
    int writers,
    Instant appendedAt) {

  /** The number that the chunk after these has. */
  public long nextSeq() {
    return firstSeq + count;
  }

  /** About how much memory it takes, in bytes. */
  public int weight() {
    return 160 + 2 * chunks.length();
  }
}
