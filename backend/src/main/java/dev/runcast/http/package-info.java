/**
 * The service's face: Vert.x handlers, thin. A request passes {@link dev.runcast.http.Cors}, then
 * {@link dev.runcast.http.auth.BearerAuth}, then one handler; whatever goes wrong on the way is a
 * failed routing context, which {@link dev.runcast.http.ErrorHandler} alone answers. {@link
 * dev.runcast.http.Routes} is the table of all URLs.
 *
 * <p>There is one {@link dev.runcast.http.ApiVerticle} per event loop. It owns its router, its
 * caches and its hub; nothing in here is shared between loops but what is immutable or, like the
 * database pool, made to be shared. No lock, no blocking call.
 *
 * <p>Sub-packages: {@code auth} knows who is asking and what they may, {@code realtime} serves
 * subscriptions, {@code api} the management REST API. Handlers must not write SQL, must not push to
 * a subscriber, and must never log a query string, a header or a body: they hold tokens and
 * payloads.
 */
@NullMarked
package dev.runcast.http;

import org.jspecify.annotations.NullMarked;
