/**
 * Payloads and outputs that are too large for a request: a client asks for a link, puts the packet
 * there, and names it in the run; readers are given a link, too. {@code PacketLinks} makes links:
 * each is a URL of this service with a public token in it, good for one packet, one direction and a
 * short time. {@code PacketsHandler} gives links to those who may have them and serves what is
 * behind them.
 *
 * <p>What was put there is never shown as a page of this origin: it may be anything.
 */
@NullMarked
package dev.runcast.http.api.packet;

import org.jspecify.annotations.NullMarked;
