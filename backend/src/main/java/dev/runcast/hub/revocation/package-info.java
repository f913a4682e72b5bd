/**
 * Ends what is told by the word of those who are revoked, at the place in the log where they are.
 * Owned by the hub's event loop.
 */
@NullMarked
package dev.runcast.hub.revocation;

import org.jspecify.annotations.NullMarked;
