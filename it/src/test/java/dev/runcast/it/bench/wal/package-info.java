/**
 * How fast the log is read: the service's tail and hub in a process of their own ({@link
 * dev.runcast.it.bench.wal.TailMain}), and {@code pg_recvlogical}, which throws away what it reads,
 * each on a copy of the same replication slot.
 */
@NullMarked
package dev.runcast.it.bench.wal;

import org.jspecify.annotations.NullMarked;
