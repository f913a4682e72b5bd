package dev.runcast.run.stream;

import dev.runcast.run.place.Visibility;
import java.util.List;

/**
 * A part of a stream, as one read of the table gives it.
 *
 * @param segments in order; the first may hold chunks from before the number that was asked for
 * @param complete whether this reaches the end of what the snapshot shows
 * @param nextSeq the number that the next chunk will have
 * @param revision of the newest write that the snapshot shows; 0 before the first
 * @param writers how many are writing
 * @param runIsOver whether the run is done, or not there any more
 */
public record StreamPage(
    Visibility visibility,
    List<StreamSegment> segments,
    boolean complete,
    long nextSeq,
    long revision,
    int writers,
    boolean runIsOver) {}
