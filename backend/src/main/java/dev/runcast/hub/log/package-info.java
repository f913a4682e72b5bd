/**
 * What one hub has heard from the log, and what it may not have: the chain of batches, the horizons
 * that passed, the recent changes, the holes. It routes nothing and knows no subscription.
 *
 * <p>Owned by the event loop of its hub. Enter at {@link dev.runcast.hub.log.HeardLog#follow}; the
 * rules are in docs/ARCHITECTURE.md, "Delivery".
 */
@NullMarked
package dev.runcast.hub.log;

import org.jspecify.annotations.NullMarked;
