/**
 * Who is asking, and what they may. {@link dev.runcast.http.auth.BearerAuth} turns the credential
 * of a request into a {@link dev.runcast.http.auth.Principal}; {@link
 * dev.runcast.http.auth.Authorizer} names the scopes that would do for a thing and refuses who has
 * none of them; {@link dev.runcast.http.auth.TokenHandler} mints public tokens for who holds a
 * secret key.
 *
 * <p>A secret key is found by its SHA-256. A public token is verified against the keys of the
 * environment that it claims, which {@link dev.runcast.http.auth.KeyCache} loads and keeps for a
 * few seconds; the cache is confined to its event loop.
 *
 * <p>Credentials are never logged, never put into an exception, and leave this package only as
 * digests.
 */
@NullMarked
package dev.runcast.http.auth;

import org.jspecify.annotations.NullMarked;
