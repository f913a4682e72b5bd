package dev.runcast.cluster;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import dev.runcast.run.stream.SegmentAppended;
import dev.runcast.run.stream.StreamKey;
import dev.runcast.run.stream.StreamSegment;

/** A segment as it crosses nodes. Both directions list the same parts in the same order. */
final class SegmentWire {
  private SegmentWire() {}

  static void write(WireOutput out, SegmentAppended appended) {
    out.int8(appended.position().lsn().value());
    out.int4(appended.position().index());
    StreamSegment segment = appended.segment();
    out.text(segment.stream().environment().value());
    out.text(segment.stream().run().value());
    out.text(segment.stream().key());
    out.int8(segment.revision());
    out.int8(segment.firstSeq());
    out.int4(segment.count());
    out.text(segment.chunks());
    out.int4(segment.writers());
    out.time(segment.appendedAt());
  }

  static SegmentAppended read(WireInput in, long xid) {
    return new SegmentAppended(
        new Position(new Lsn(in.int8()), in.int4()),
        xid,
        new StreamSegment(
            new StreamKey(new EnvironmentId(in.text()), new RunId(in.text()), in.text()),
            in.int8(),
            in.int8(),
            in.int4(),
            in.text(),
            in.int4(),
            in.time()));
  }
}
