/**
 * The secrets that the service itself holds: how they are made, found again and kept sealed.
 *
 * <p>A secret key signs public tokens, so it has to be readable by the service; it is therefore
 * stored sealed ({@link dev.runcast.keys.KeyVault}, AES-256-GCM) under a {@link
 * dev.runcast.keys.MasterKey} that is not in the database, and found by its SHA-256 ({@link
 * dev.runcast.keys.Credential}). A personal token signs nothing, so only its SHA-256 is kept. The
 * values of tasks' environment variables are sealed the same way, each for its place.
 *
 * <p>All types are immutable and may be used from any thread; nothing blocks beyond a few
 * microseconds of computing. Imports: {@code config} for its masked texts, the JDK. It reads no
 * file and no table.
 */
@NullMarked
package dev.runcast.keys;

import org.jspecify.annotations.NullMarked;
