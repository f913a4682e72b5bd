/**
 * The service's face: Vert.x handlers, thin. Here is what all of them share: how a request is
 * refused, which origins may ask, and how it waits for a write to be heard of.
 *
 * <p>A request passes {@link dev.runcast.http.Cors}, then {@link dev.runcast.http.auth.BearerAuth},
 * then one handler; whatever goes wrong on the way is a failed routing context, which {@link
 * dev.runcast.http.ErrorHandler} alone answers.
 *
 * <p>Sub-packages: {@code server} opens the ports and has the table of all URLs, {@code auth} knows
 * who is asking and what they may, {@code realtime} serves subscriptions, {@code api} the
 * management REST API, {@code dev} the official command line tool. Handlers must not write SQL,
 * must not push to a subscriber, and must never log a query string, a header or a body: they hold
 * tokens and payloads. No lock, no blocking call.
 */
@NullMarked
package dev.runcast.http;

import org.jspecify.annotations.NullMarked;
