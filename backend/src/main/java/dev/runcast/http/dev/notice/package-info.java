/**
 * The channel by which the official command line tool hears at once that a run of its has been
 * moved by somebody else: cancelled, or done waiting. It is Socket.IO over a WebSocket, as much of
 * it as that takes. {@code NoticeHandler} upgrades, {@code NoticeSocket} is a connection, {@code
 * Notices} knows who follows which run and hears the log, as the hub does: so it does not matter
 * which node has moved the run, or whether any has.
 *
 * <p>Owned by the event loop of its hub. What is told is only that a run has changed: whoever is
 * told asks for the rest, and asks every few seconds anyway, so that a notice may be lost.
 */
@NullMarked
package dev.runcast.http.dev.notice;

import org.jspecify.annotations.NullMarked;
