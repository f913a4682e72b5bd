package dev.runcast.wal;

import dev.runcast.run.place.Incarnation;
import dev.runcast.run.place.Lsn;

/**
 * One spell of holding the slot.
 *
 * @param number greater than that of every session before it, on any node
 * @param start from where Postgres sends again: everything before it was acknowledged
 * @param newestXid an xid that was newest when the session began
 * @param processId the Postgres process that serves it
 */
record ReplicationSession(
    Incarnation incarnation, long number, Lsn start, long newestXid, int processId) {}
