package dev.runcast.wal;

import dev.runcast.run.place.Lsn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the leader writes into the log about once a second and reads back from the stream.
 *
 * <p>It is one statement, so that its parts are taken in this order: the snapshot; {@code place},
 * up to where the log then reached; a new xid of its own; and the message, whose record carries
 * that xid. Hence, where the message comes by in the stream,
 *
 * <ul>
 *   <li>every transaction below {@code xmin} had ended before, so its commit came by before;
 *   <li>every commit before {@code place} has an xid below {@code xid}; those between {@code place}
 *       and the message may not, and the reader counts them in as it tells them;
 *   <li>the log holds {@code xid}, so a crash does not give it or a lower one out again.
 * </ul>
 *
 * The statement's own commit flushes the message at once.
 *
 * @param place an LSN
 * @param xmin below it no transaction was open
 * @param xid the statement's own, a full one
 */
record HorizonMark(Lsn place, long xmin, long xid) {
  static final String PREFIX = "runcast.horizon";

  /**
   * Emits one; also answers which process serves the slot given as the one parameter, and how many
   * bytes of the log Postgres keeps for it. The scan of a materialized CTE reads the place before
   * the output is computed, which takes the xid.
   */
  static final String EMIT =
      """
      with place as materialized (select pg_current_wal_insert_lsn() as lsn)
      select pg_logical_emit_message(false, '%s', place.lsn
          || ' ' || pg_snapshot_xmin(pg_current_snapshot()) || ' ' || pg_current_xact_id()),
        slot.active_pid, pg_wal_lsn_diff(place.lsn, slot.restart_lsn)::bigint
      from place left join pg_replication_slots slot on slot.slot_name = ?"""
          .formatted(PREFIX);

  /** Reads the content of a message of our prefix; null when somebody else wrote it. */
  static @Nullable HorizonMark parse(ByteBuffer content) {
    String[] parts = StandardCharsets.UTF_8.decode(content.duplicate()).toString().split(" ", -1);
    try {
      return parts.length != 3
          ? null
          : new HorizonMark(
              Lsn.parse(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    } catch (IllegalArgumentException e) {
      return null; // anyone may emit a message under any prefix; it is no horizon then
    }
  }
}
