/**
 * The management REST API, one handler a resource, each thin: {@code http.api.request} says what
 * was asked, {@link dev.runcast.http.auth.Authorizer} who may, {@code engine} and {@code store} do
 * it, and {@code http.api.answer} sends what came of it. Batches have a package of their own. Each
 * handler adds its own routes; {@code Api} makes them all.
 *
 * <p>Absent fields are left out, never null; statuses go by the API's names. Once the first horizon
 * has come, every read carries {@code x-runcast-cursor}, from which a feed goes on without a gap;
 * every write carries {@code x-runcast-position}, its xid. A request with {@code
 * x-trigger-request-idempotency-key} acts once.
 *
 * <p>Handlers keep nothing between requests. They must not write SQL, nor push to a subscriber, nor
 * log anything of a request but its path.
 */
@NullMarked
package dev.runcast.http.api;

import org.jspecify.annotations.NullMarked;
