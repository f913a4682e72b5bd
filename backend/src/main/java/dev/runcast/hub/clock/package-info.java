/**
 * What a hub does by the clock rather than by the log: notices that the log is silent, which
 * clients take nothing, and when what was put off for one that samples is due. It knows no
 * subscription.
 *
 * <p>Owned by the event loop of its hub; it has no timers of its own but what it is given.
 */
@NullMarked
package dev.runcast.hub.clock;

import org.jspecify.annotations.NullMarked;
