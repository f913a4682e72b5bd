/**
 * Clients that hear by turns, whatever the transport: each turn gathers what the hub tells until
 * there is something to answer, and is over. Between two turns nothing is kept: the {@link
 * dev.runcast.subscribe.turn.TurnOffset} that the client brings back says all, on any node and
 * after any restart.
 *
 * <p>Such a client shows what it is told twice twice, so that a turn leaves out what the one before
 * has told; when it can't be sure, it tells it again rather than not at all. The simulation drives
 * this package as it is.
 *
 * <p>All of it is confined to the event loop of its hub. Enter at {@link
 * dev.runcast.subscribe.turn.TurnLoop#open}.
 */
@NullMarked
package dev.runcast.subscribe.turn;

import org.jspecify.annotations.NullMarked;
