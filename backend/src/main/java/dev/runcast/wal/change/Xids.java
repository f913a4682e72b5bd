package dev.runcast.wal.change;

/** Transaction ids: pgoutput and {@code xmin} say 32 bits, everything else of ours says 64. */
public final class Xids {
  private Xids() {}

  /**
   * The full xid nearest to one that was newest a moment ago. Right as long as the two are less
   * than 2^31 apart, which Postgres itself must ensure (it stops before a wraparound).
   */
  public static long widen(int xid, long near) {
    return near + (xid - (int) near);
  }

  /** Whether these are the low 32 bits of this one. */
  public static boolean isSame(int xid, long full) {
    return (int) full == xid;
  }
}
