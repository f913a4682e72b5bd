package dev.runcast.run;

/**
 * One write of one stream, as the log tells it.
 *
 * @param position where it stands in the log, among the changes of its transaction too
 */
public record SegmentAppended(Position position, StreamSegment segment) {}
