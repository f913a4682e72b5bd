/**
 * What a node knows of revocations, and how it makes sure that it has missed none. {@link
 * dev.runcast.subscribe.revocation.Revocations} is what is known, of the node as a whole; {@link
 * dev.runcast.subscribe.revocation.RevocationWatch} is how sure one event loop may be of it. Why
 * this lets nothing through is in docs/adr/0017.
 */
@NullMarked
package dev.runcast.subscribe.revocation;

import org.jspecify.annotations.NullMarked;
