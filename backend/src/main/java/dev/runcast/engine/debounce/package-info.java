/**
 * Triggers that come in quick succession make one run: while it is delayed, each with the same key
 * pushes it on. {@link dev.runcast.engine.debounce.Debouncing} finds which run an order leads to,
 * {@link dev.runcast.engine.debounce.Window} is the rule by which: pure, and thrown away after.
 *
 * <p>Within the transaction of the trigger the key's row is locked, then the run's. Whoever lets
 * the run into the queue at that moment goes before, and a new one is made, or leaves it alone.
 */
@NullMarked
package dev.runcast.engine.debounce;

import org.jspecify.annotations.NullMarked;
