/**
 * Waitpoints: what somebody waits for, completed from outside or ended when its time is over. Enter
 * at {@link dev.runcast.engine.waitpoint.Waitpoints}; the time is a row of {@code due}, which
 * {@code engine.due} acts on.
 *
 * <p>Whoever completes one first decides what comes of it. Stateless, like all of the engine.
 */
@NullMarked
package dev.runcast.engine.waitpoint;

import org.jspecify.annotations.NullMarked;
