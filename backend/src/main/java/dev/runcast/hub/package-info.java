/**
 * Local routing: which subscription hears of which change, in which order, and how far each may say
 * it has come. One {@link dev.runcast.hub.Hub} per event loop owns everything in here, so there are
 * no locks; every method of this package runs on that loop.
 *
 * <p>A subscription is OPENING while the table is read for it, LIVE while changes reach it as they
 * come, SLOW while so much waited for its client, or to be read for it, that all of it was dropped
 * and the table must be read again, and CLOSED. Recovery is always the same: back to OPENING with
 * the last cursor sent. The rules that make this lose nothing are in docs/ARCHITECTURE.md,
 * "Delivery"; the seeded simulation (SubscriptionSimulationTest) holds them.
 *
 * <p>A {@link dev.runcast.hub.Subscription} goes through these states; {@link
 * dev.runcast.hub.CatchUp} is each of its ways from where its client is to going live. What it
 * takes from the stream is in {@link dev.runcast.hub.Intake} and, of chunks, {@code ChunkIntake},
 * what its client was told and may claim in {@link dev.runcast.hub.told}, what waits in {@link
 * dev.runcast.hub.waiting}, and what goes out in {@code Delivery}. Who is there is in {@code
 * Audience}; to whom changes go, {@code SubscriptionIndex} finds, and to whom chunks go, {@code
 * ChunkRoutes} says by what {@link dev.runcast.hub.chunk} knows of their runs. What goes by the
 * clock is in {@link dev.runcast.hub.clock}, and what the hub itself has heard in {@link
 * dev.runcast.hub.log}.
 *
 * <p>It must not know the database, HTTP or the bus: reading is asked for through {@link
 * dev.runcast.hub.Resync}, writing goes to a {@link dev.runcast.hub.Sink}. Enter at {@link
 * dev.runcast.hub.Hub#dispatch}.
 */
@NullMarked
package dev.runcast.hub;

import org.jspecify.annotations.NullMarked;
