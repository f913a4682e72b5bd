/**
 * The Postgres that comes with Runcast: unpacked, started, watched over and stopped by us.
 *
 * <p>Entry point: {@link dev.runcast.embedded.EmbeddedPostgres#start}. The binaries come from a jar
 * ({@link dev.runcast.embedded.PostgresBinaries}); the cluster lives under the data directory and
 * is meant to be kept: writes are synced before they are acknowledged, connections need a password
 * (SCRAM, generated), only loopback is listened on ({@link dev.runcast.embedded.ClusterFiles}).
 *
 * <p>Who owns what: one process owns a data directory, by a file lock that dies with it ({@link
 * dev.runcast.embedded.DataDirectory}). A postmaster may outlive its owner (a {@code kill -9} of
 * the service); whoever gets the lock next stops the orphan and starts afresh, so there is one path
 * and the settings are always today's. No process is ever signalled before its command line has
 * named our cluster's directory, and no database is used before it has named its {@code
 * data_directory}.
 *
 * <p>All calls block (they run programs) and belong on a worker thread. Imports: {@code config},
 * JDBC, the archive reader, the JDK. It knows nothing about runs.
 */
@NullMarked
package dev.runcast.embedded;

import org.jspecify.annotations.NullMarked;
