/**
 * The tail: bytes of Postgres's log in, {@link dev.runcast.run.ChangeBatch}es out.
 *
 * <p>Enter at {@link dev.runcast.wal.WalReader}, which runs the loop read, decode, assemble, map,
 * tell, acknowledge on a thread of its own. The replication slot is the leader election: of all
 * nodes that run a reader, the one that Postgres lets have the slot tells, the others stand by.
 * What it tells is handed to a {@code Consumer<ChangeBatch>} on that thread and acknowledged when
 * the consumer returns; whatever is lost behind it is repaired by reading the table, not by reading
 * the log again.
 *
 * <p>State owners: the reader's thread owns the connection, {@link dev.runcast.wal.ChangeStream}
 * and all that hangs on it; the beat's thread owns the one ordinary connection that writes
 * horizons. The two share the time at which the stream last brought something ({@code
 * heardAtNanos}: written by the reader, read by the beat), the beat of the session that is on
 * ({@code pulse}: written by the reader, nudged by whoever stops it) and a flag to stop by. The
 * immutable {@link dev.runcast.wal.WalState} may be read from anywhere.
 *
 * <p>This package must not know Vert.x, the bus or a hub, and the reader's thread must not wait for
 * a client, and waits at most a second on this node's event loops: Postgres drops a reader that it
 * has not heard of for ten seconds. The protocol itself is in {@link dev.runcast.wal.pgoutput},
 * what its messages mean for us in {@link dev.runcast.wal.change}.
 */
@NullMarked
package dev.runcast.wal;

import org.jspecify.annotations.NullMarked;
