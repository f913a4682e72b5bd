/**
 * What one subscription's client has not been sent yet, and how news of one run become one: {@link
 * dev.runcast.hub.waiting.Telling} is a change on its way to many, {@link
 * dev.runcast.hub.waiting.Pending} what waits of a run, {@link dev.runcast.hub.waiting.Outbox} what
 * waits for the client, {@link dev.runcast.hub.waiting.Unread} what must be read first, {@link
 * dev.runcast.hub.waiting.Samples} what is put off for a client that samples, and {@link
 * dev.runcast.hub.waiting.Withheld} all three. State without decisions: those are the hub's. Owned
 * by the hub's event loop.
 */
@NullMarked
package dev.runcast.hub.waiting;

import org.jspecify.annotations.NullMarked;
