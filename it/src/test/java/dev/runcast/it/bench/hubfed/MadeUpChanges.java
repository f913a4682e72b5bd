package dev.runcast.it.bench.hubfed;

import dev.runcast.it.bench.RowShape;
import dev.runcast.run.ChangeBatch;
import dev.runcast.run.Run;
import dev.runcast.run.RunChanged;
import dev.runcast.run.place.Lsn;
import dev.runcast.run.place.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream of changes that no database has made: runs {@code run_f0} and on are updated in turn,
 * each in a transaction of its own. Transaction ids are far beyond any that the real database has
 * given out, so that what was read from it counts as old. Confined to the feeding thread.
 */
final class MadeUpChanges {
  private static final long FIRST_XID = 1_000_000_000_000L;
  private static final long BYTES_EACH = 0x100;

  private long xid = FIRST_XID;
  private Lsn last = new Lsn(0x100_0000_0000L);

  /** The next changes, to so many feeds in turn. */
  ChangeBatch next(int count, int feeds, String metadata) {
    Lsn prev = last;
    Instant now = RowShape.now();
    List<ChangeBatch.Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      xid++;
      last = new Lsn(last.value() + BYTES_EACH);
      Run run = RowShape.run("run_f" + xid % feeds, xid, xid, metadata);
      RunChanged change = new RunChanged(new Position(last, 0), now, run, false, null, null);
      entries.add(new ChangeBatch.Committed(last, xid, now, List.of(change)));
    }
    return new ChangeBatch(RowShape.INCARNATION, 1, prev, last, entries);
  }

  /** A horizon beyond everything so far. */
  ChangeBatch horizon() {
    Lsn prev = last;
    last = new Lsn(last.value() + BYTES_EACH);
    return new ChangeBatch(
        RowShape.INCARNATION,
        1,
        prev,
        last,
        List.of(new ChangeBatch.Horizon(last, xid + 1, xid + 1)));
  }
}
