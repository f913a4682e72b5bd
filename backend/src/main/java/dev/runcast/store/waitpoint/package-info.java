/**
 * Waitpoints: what somebody waits for until it is completed from outside or its time is over.
 * {@link dev.runcast.store.waitpoint.WaitpointTable} makes them, finds them, ends them and lets go
 * of old ones; {@link dev.runcast.store.waitpoint.WaitpointLists} lists them.
 *
 * <p>A waitpoint ends once, whoever is first: both ways to end it change only one that waits. It
 * knows nothing of who may do what.
 */
@NullMarked
package dev.runcast.store.waitpoint;

import org.jspecify.annotations.NullMarked;
