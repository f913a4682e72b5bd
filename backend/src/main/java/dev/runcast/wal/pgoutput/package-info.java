/**
 * The replication protocol's own words: bytes of the {@code pgoutput} plugin in, records and parsed
 * values out. Everything here is pure and immutable; it knows no connection, no run and no setting,
 * and keeps nothing between two messages.
 *
 * <p>Start at {@link dev.runcast.wal.pgoutput.PgOutputDecoder}. Whatever bytes it is given, the
 * only thing that it or {@link dev.runcast.wal.pgoutput.PgText} throws is {@link
 * dev.runcast.wal.pgoutput.MalformedMessageException}.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Logical
 *     Replication Message Formats</a>
 */
@NullMarked
package dev.runcast.wal.pgoutput;

import org.jspecify.annotations.NullMarked;
