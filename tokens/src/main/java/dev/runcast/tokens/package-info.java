/**
 * Public access tokens: what they grant, how they are minted and how they are verified.
 *
 * <p>A public token is a JWS in compact form (RFC 7515), signed with HMAC-SHA-256 under the UTF-8
 * bytes of an environment's secret key. It is what a backend hands to a browser, so that the
 * browser may watch some runs and nothing else. The format is the one that the official SDK signs
 * by itself; the service accepts both alike.
 *
 * <table>
 * <caption>Claims</caption>
 * <tr><td>{@code sub}</td><td>environment whose key signed it; required</td></tr>
 * <tr><td>{@code pub}</td><td>{@code true}, which marks a public token; required</td></tr>
 * <tr><td>{@code iss}, {@code aud}</td><td>constants of the format; required</td></tr>
 * <tr><td>{@code iat}, {@code exp}</td><td>unix seconds; required</td></tr>
 * <tr><td>{@code nbf}</td><td>unix seconds; honoured when present</td></tr>
 * <tr><td>{@code scopes}</td><td>{@code action[:type[:id]]} each; absent grants nothing</td></tr>
 * <tr><td>{@code otu}</td><td>{@code true}: may trigger once</td></tr>
 * <tr><td>{@code jti}</td><td>makes two tokens of the same second differ</td></tr>
 * <tr><td>{@code realtime.skipColumns}</td><td>columns its bearer is not sent</td></tr>
 * </table>
 *
 * <p>Rotation: a new key signs at once, the one before it is still accepted until an instant that
 * the rotation chose, then refused.
 *
 * <p>Every type here is immutable or stateless, so all of it may be used from any thread. Nothing
 * here does I/O, and nothing here prints a key or the text of a token.
 *
 * <p>Start at {@link dev.runcast.tokens.TokenIssuer} to mint, at {@link
 * dev.runcast.tokens.TokenVerifier} to verify.
 */
@NullMarked
package dev.runcast.tokens;

import org.jspecify.annotations.NullMarked;
