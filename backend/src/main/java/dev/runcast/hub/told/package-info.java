/**
 * What one client was told, by the log and by reads, and so which cursor may be claimed for it, or
 * {@linkplain dev.runcast.hub.told.Claim what a turn leaves it with}. Holds no rows: what reads
 * have shown is known by their snapshots, until a horizon has passed these.
 *
 * <p>Owned by the event loop of its hub.
 */
@NullMarked
package dev.runcast.hub.told;

import org.jspecify.annotations.NullMarked;
