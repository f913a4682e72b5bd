/**
 * Waitpoint tokens: made by who holds the secret key, listed and read, and completed by whoever is
 * given a public token for one or its callback URL. {@code WaitpointsHandler} is the entry point;
 * {@code WaitpointParser} reads bodies and query strings, {@code WaitpointView} writes answers,
 * {@code CallbackLinks} makes the URLs.
 *
 * <p>A callback URL is good for whoever knows it, and for as long as its token is kept: it holds a
 * secret that is in the table and in no log. Who may only read a token is not given it.
 */
@NullMarked
package dev.runcast.http.api.waitpoint;

import org.jspecify.annotations.NullMarked;
