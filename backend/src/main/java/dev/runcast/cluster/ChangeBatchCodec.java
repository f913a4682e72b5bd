package dev.runcast.cluster;

import dev.runcast.run.ChangeBatch;
import dev.runcast.run.ChangeBatch.Committed;
import dev.runcast.run.ChangeBatch.Entry;
import dev.runcast.run.ChangeBatch.Horizon;
import dev.runcast.run.ChangeBatch.Oversized;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunChanged;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.HashSet;

/**
 * A {@link ChangeBatch} between nodes: binary, its first byte the version of the form. Within a
 * node the batch itself is passed, for it is immutable.
 *
 * <p>Nodes of different versions share a bus while they are replaced one by one: a version that is
 * not known is refused, and the hub that misses the batch reads the table.
 */
final class ChangeBatchCodec implements MessageCodec<ChangeBatch, ChangeBatch> {
  static final byte VERSION = 3;

  private static final int COMMITTED = 1;
  private static final int OVERSIZED = 2;
  private static final int HORIZON = 3;

  @Override
  public void encodeToWire(Buffer buffer, ChangeBatch batch) {
    WireOutput out = new WireOutput(buffer);
    out.int1(VERSION);
    out.int8(batch.incarnation().number());
    out.int4(batch.incarnation().nonce());
    out.int8(batch.session());
    out.int8(batch.prev().value());
    out.int8(batch.last().value());
    out.all(batch.entries(), ChangeBatchCodec::writeEntry);
  }

  /**
   * Reads what {@link #encodeToWire} wrote.
   *
   * @throws RuntimeException on bytes that are not a batch of this version
   */
  @Override
  public ChangeBatch decodeFromWire(int position, Buffer buffer) {
    WireInput in = new WireInput(buffer, position);
    int version = in.int1();
    if (version != VERSION) {
      throw new IllegalArgumentException("a batch in form " + version + ", known is " + VERSION);
    }
    return new ChangeBatch(
        new Incarnation(in.int8(), in.int4()),
        in.int8(),
        new Lsn(in.int8()),
        new Lsn(in.int8()),
        in.all(ChangeBatchCodec::readEntry));
  }

  private static void writeEntry(WireOutput out, Entry entry) {
    if (entry instanceof Committed committed) {
      out.int1(COMMITTED);
      out.int8(committed.lsn().value());
      out.int8(committed.xid());
      out.time(committed.committedAt());
      out.all(committed.changes(), ChangeBatchCodec::writeChange);
      out.all(committed.segments(), SegmentWire::write);
      out.all(committed.revocations(), RevocationWire::write);
    } else if (entry instanceof Oversized oversized) {
      out.int1(OVERSIZED);
      out.int8(oversized.lsn().value());
      out.int8(oversized.xid());
      out.all(oversized.environments(), (o, environment) -> o.text(environment.value()));
      out.optional(oversized.keys(), (o, keys) -> o.all(keys, WireOutput::int8));
    } else if (entry instanceof Horizon horizon) {
      out.int1(HORIZON);
      out.int8(horizon.lsn().value());
      out.int8(horizon.xmin());
      out.int8(horizon.next());
    }
  }

  private static Entry readEntry(WireInput in) {
    int kind = in.int1();
    Lsn lsn = new Lsn(in.int8());
    long xid = in.int8();
    return switch (kind) {
      case COMMITTED ->
          new Committed(
              lsn,
              xid,
              in.time(),
              in.all(ChangeBatchCodec::readChange),
              in.all(each -> SegmentWire.read(each, xid)),
              in.all(RevocationWire::read));
      case OVERSIZED ->
          new Oversized(
              lsn,
              xid,
              new HashSet<>(in.all(i -> new EnvironmentId(i.text()))),
              in.optional(i -> new HashSet<>(i.all(WireInput::int8))));
      case HORIZON -> new Horizon(lsn, xid, in.int8());
      default -> throw new IllegalArgumentException("a batch's entry of unknown kind " + kind);
    };
  }

  private static void writeChange(WireOutput out, RunChanged change) {
    out.int8(change.position().lsn().value());
    out.int4(change.position().index());
    out.time(change.committedAt());
    RunWire.write(out, change.run());
    out.bool(change.inserted());
    out.optional(change.prevStatus(), (o, status) -> o.text(status.name()));
    out.int4OrNull(change.prevTagCount());
  }

  private static RunChanged readChange(WireInput in) {
    return new RunChanged(
        new Position(new Lsn(in.int8()), in.int4()),
        in.time(),
        RunWire.read(in),
        in.bool(),
        in.optional(i -> RunStatus.valueOf(i.text())),
        in.int4OrNull());
  }

  @Override
  public ChangeBatch transform(ChangeBatch batch) {
    return batch;
  }

  @Override
  public String name() {
    return "runcast.changes";
  }

  @Override
  public byte systemCodecID() {
    return -1; // as the interface asks of all but Vert.x's own
  }
}
